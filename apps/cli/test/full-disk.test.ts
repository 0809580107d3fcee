import { privateMounts } from '@holdfast/tooling-services';
import { expect, onTestFinished, test } from 'vitest';
import { Holdfast, finish } from './support/holdfast.ts';

const mounts = privateMounts();

/** Fills a small disk with versions, then to its last byte, and tries to get out of that. */
const script = `
  mount -t tmpfs -o size=8m tmpfs "$1" && cd "$1" || exit 1
  shift
  holdfast=("$@")
  attempt() {
    local text
    text=$("\${holdfast[@]}" "$@" 2>&1)
    echo "$1 $? $text" | tr '\\n' ' '
    echo
  }
  attempt init
  for version in 1 2; do
    head -c 900000 /dev/urandom >file
    attempt put file --name m
  done
  dd if=/dev/zero of=fill bs=1k 2>/dev/null
  dd if=/dev/zero of=rest bs=1 2>/dev/null
  echo "free $(df --output=avail . | tail -1)"
  attempt tag m:1 a=b
  attempt alias m champion 1
  attempt verify
  attempt rm m:1 --yes
  attempt gc
  ls .holdfast/registry.db-reserve .holdfast/store/index.db-reserve
  attempt tag m:2 a=b
`;

test.skipIf(mounts === undefined)(
  'a full disk says what is full, and is emptied by rm and gc, which make their room again',
  async () => {
    using holdfast = new Holdfast();
    const { command } = holdfast.launch([]);
    const disk = holdfast.path('disk');
    holdfast.write('disk/.keep', '');
    const instead = [...(mounts ?? []), 'bash', '-c', script, 'bash', disk, ...command];
    const child = holdfast.start([], { instead });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = (await finish(child)).stdout.split('\n');
    const full = `The disk of ${disk}/.holdfast/registry.db is full`;
    expect(lines).toEqual([
      expect.stringMatching(/^init 0 /),
      expect.stringMatching(/^put 0 m:1 /),
      expect.stringMatching(/^put 0 m:2 /),
      expect.stringMatching(/^free +0$/),
      expect.stringMatching(`^tag 8 .*${full}.*holdfast rm, holdfast gc`),
      expect.stringMatching(`^alias 8 .*${full}`),
      expect.stringMatching(`^verify 8 .*${disk}/.holdfast/registry.db.verification does not fit`),
      expect.stringMatching(/^rm 0 m:1 /),
      expect.stringMatching(/^gc 0 /),
      '.holdfast/registry.db-reserve',
      '.holdfast/store/index.db-reserve',
      expect.stringMatching(/^tag 0 /),
      '',
    ]);
  },
);
