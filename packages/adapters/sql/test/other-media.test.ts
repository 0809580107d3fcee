import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createModel } from '@holdfast/domain';
import { privateMounts, strace } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqlRegistryStore } from '../src/index.ts';

const worker = fileURLToPath(new URL('visiting-worker.ts', import.meta.url));
const now = '2026-01-01T00:00:00.000Z';
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const mounts = privateMounts();
if (!isRoot)
  process.stderr.write('!!! SKIPPED: folders of other users need root, so as to become somebody else.\n');

let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-media-'));
  path = join(folder, 'registry.db');
});

afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

async function makeRegistry(): Promise<void> {
  await using store = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
  await store.repositories.models.save(createModel({ id: 'a', name: 'first', now }));
}

interface Visit {
  readonly readOnly?: boolean;
  readonly names?: readonly string[];
  readonly code?: string;
  readonly hint?: string;
  readonly failure?: { readonly code: string; readonly saved?: number; readonly counted?: number };
}

const nodeParameters = (task: string): readonly string[] => [
  '--conditions=@holdfast/source',
  worker,
  `sqlite:${path}`,
  task,
];

async function visitMounted(mount: string, task = 'read'): Promise<Visit> {
  const script = `folder="$1"; shift; ${mount} && exec "$@"`;
  const [program = '', ...parameters] = mounts ?? [];
  parameters.push('sh', '-c', script, 'sh', folder, process.execPath, ...nodeParameters(task));
  const { stdout } = await promisify(execFile)(program, parameters);
  return JSON.parse(stdout);
}

async function visitAsNobody(): Promise<Visit> {
  const somebodyElse = { uid: nobody, gid: nobody };
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeParameters('read')], somebodyElse);
  return JSON.parse(stdout);
}

describe.skipIf(mounts === undefined)('on a read-only disk', () => {
  const mountReadOnly = 'mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder"';

  test('a registry is read, and writes are refused', async () => {
    await makeRegistry();
    const visit = await visitMounted(mountReadOnly);
    expect(visit).toMatchObject({ readOnly: true, names: ['first'], failure: { code: 'permission-denied' } });
    expect(readdirSync(folder)).toEqual(['registry.db']);
  });

  test('a registry that somebody has open is read with its log', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
    await store.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    expect(await visitMounted(mountReadOnly)).toMatchObject({ readOnly: true, names: ['first', 'second'] });
  });

  test('a registry whose log cannot be read is refused rather than read without it', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
    await store.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    const source = path;
    path = join(folder, 'copy.db');
    for (const suffix of ['', '-wal']) copyFileSync(source + suffix, path + suffix);
    const visit = await visitMounted(mountReadOnly);
    expect(visit).toMatchObject({ code: 'permission-denied' });
    expect(visit.hint).toContain('-wal');
  });

  test('a registry cannot be made', async () => {
    expect(await visitMounted(mountReadOnly)).toMatchObject({ code: 'permission-denied' });
  });
});

describe.skipIf(mounts === undefined)('on a full disk', () => {
  test('writes are refused as quota-exceeded, and what was saved is there', async () => {
    const visit = await visitMounted('mount -t tmpfs -o size=2m tmpfs "$folder"', 'fill');
    expect(visit.failure?.code).toBe('quota-exceeded');
    expect(visit.failure?.saved).toBeGreaterThan(0);
    expect(visit.failure?.counted).toBe(visit.failure?.saved);
  });
});

describe.skipIf(mounts === undefined)('on a disk without any room', () => {
  test('a registry is read, and writes are refused', async () => {
    await makeRegistry();
    const fill = 'cp "$folder/registry.db" /tmp/r && mount -t tmpfs -o size=1m tmpfs "$folder"';
    const useUp =
      'cp /tmp/r "$folder/registry.db" && (dd if=/dev/zero of="$folder/b" bs=4096 2>/dev/null || true)';
    const visit = await visitMounted(
      `mount -t tmpfs tmpfs /mnt && ${fill} && ${useUp}`.replaceAll('/tmp/r', '/mnt/r'),
    );
    expect(visit).toMatchObject({ readOnly: false, names: ['first'], failure: { code: 'quota-exceeded' } });
  });
});

describe.skipIf(!isRoot)('in a folder that belongs to somebody else', () => {
  test('a registry is read, and writes are refused', async () => {
    await makeRegistry();
    chmodSync(folder, 0o755);
    const visit = await visitAsNobody();
    expect(visit).toMatchObject({ readOnly: true, names: ['first'], failure: { code: 'permission-denied' } });
    expect(readdirSync(folder)).toEqual(['registry.db']);
  });

  test('a registry that its owner has open is read with its log', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
    await store.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    chmodSync(folder, 0o755);
    expect(await visitAsNobody()).toMatchObject({ readOnly: true, names: ['first', 'second'] });
  });

  test('a registry is read with what its owner writes meanwhile, whether the owner stays or goes', async () => {
    await makeRegistry();
    chmodSync(folder, 0o755);
    const watcher = spawn(process.execPath, [...nodeParameters('watch')], {
      uid: nobody,
      gid: nobody,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const looks = createInterface({ input: watcher.stdout })[Symbol.asyncIterator]();
    const look = async (): Promise<unknown> => JSON.parse((await looks.next()).value as string);
    expect(await look()).toEqual(['first']);
    {
      await using owner = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
      await owner.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    }
    watcher.stdin.write('\n');
    expect(await look()).toEqual(['first', 'second']);
    await using owner = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
    await owner.repositories.models.save(createModel({ id: 'c', name: 'third', now }));
    watcher.stdin.end('\n');
    expect(await look()).toEqual(['first', 'second', 'third']);
  });

  test('a registry that may not be read is refused', async () => {
    await makeRegistry();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o600);
    expect(await visitAsNobody()).toMatchObject({ code: 'permission-denied' });
    chmodSync(folder, 0o700);
    expect(await visitAsNobody()).toMatchObject({ code: 'permission-denied' });
  });
});

const tracer = strace();

describe.skipIf(tracer === undefined)('where file locks do not work', () => {
  test.each([
    ['ENOLCK', 'unavailable'],
    ['EOPNOTSUPP', 'unsupported'],
  ])('a registry is refused and stays as it is: %s', async (error, code) => {
    await makeRegistry();
    const faults = ['-e', 'trace=fcntl', '-e', `inject=fcntl:error=${error}`, '-P', path];
    const parameters = [
      '-f',
      '-qqq',
      '-o',
      '/dev/null',
      ...faults,
      process.execPath,
      ...nodeParameters('hasty'),
    ];
    const { stdout } = await promisify(execFile)(tracer ?? 'strace', parameters);
    expect(JSON.parse(stdout)).toMatchObject({ code, hint: expect.stringContaining('local disk') });
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}`, access: 'everyone' });
    expect(await store.repositories.models.count()).toBe(1);
  });
});
