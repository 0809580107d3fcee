import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bindfs, privateMounts } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const worker = fileURLToPath(new URL('visiting-worker.ts', import.meta.url));
const fuse = privateMounts() === undefined ? undefined : bindfs();
const processCount = 8;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-network-'));
  for (const name of ['source', 'seen']) mkdirSync(join(folder, name));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a script in a place of its own, where `seen` shows `source` through FUSE; answers the lines that it prints. */
async function mounted(script: string): Promise<readonly unknown[]> {
  const visit = `visit() { '${process.execPath}' --conditions=@holdfast/source '${worker}' sqlite:seen/registry.db "$@"; }`;
  const command = `cd '${folder}'; ${fuse} source seen; ${visit}; ${script}`;
  const parameters = '--mount --uts --pid --fork --kill-child --mount-proc sh -e -c'.split(' ');
  const { stdout } = await promisify(execFile)('unshare', [...parameters, command], { timeout: 100_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe.skipIf(fuse === undefined)('a registry behind FUSE', () => {
  test('belongs to the host that made it, until its record is removed', async () => {
    const used = expect.objectContaining({ readOnly: false });
    const refused = expect.objectContaining({
      code: 'locked',
      hint: expect.stringMatching(/bucket.*registry\.db-host/is),
    });
    expect(await mounted('visit read; visit read; hostname elsewhere; visit read')).toEqual([
      used,
      used,
      refused,
    ]);
    expect(readdirSync(join(folder, 'source')).toSorted()).toEqual(
      ['', '-host', '-journal'].map((suffix) => `registry.db${suffix}`),
    );
    expect(await mounted('hostname elsewhere; rm seen/registry.db-host; visit read')).toEqual([used]);
    expect(await mounted('visit read')).toEqual([refused]);
  });

  test('is shared by eight processes of one host, which lose nothing', { timeout: 120_000 }, async () => {
    const all = `pids=; for n in $(seq ${processCount}); do visit reserve & pids="$pids $!"; done; for pid in $pids; do wait $pid; done`;
    const numbers = (await mounted(all)).flat();
    expect(new Set(numbers).size).toBe(processCount * 10);
  });
});
