import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createModel } from '@holdfast/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqlRegistryStore } from '../src/index.ts';

const worker = fileURLToPath(new URL('visiting-worker.ts', import.meta.url));
const now = '2026-01-01T00:00:00.000Z';
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
/** Mounts made in a namespace of its own are gone with the process that made them. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
if (!canMount)
  process.stderr.write('SKIPPED: read-only and full disks need unshare(1) with user and mount namespaces.\n');
if (!isRoot)
  process.stderr.write('SKIPPED: folders of other users need root, so as to become somebody else.\n');

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
  await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
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
  const parameters = ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, ...nodeParameters(task)];
  const { stdout } = await promisify(execFile)('unshare', parameters);
  return JSON.parse(stdout);
}

async function visitAsNobody(): Promise<Visit> {
  const somebodyElse = { uid: nobody, gid: nobody };
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeParameters('read')], somebodyElse);
  return JSON.parse(stdout);
}

describe.skipIf(!canMount)('on a read-only disk', () => {
  const mountReadOnly = 'mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder"';

  test('a registry is read, and writes are refused', async () => {
    await makeRegistry();
    const visit = await visitMounted(mountReadOnly);
    expect(visit).toMatchObject({ readOnly: true, names: ['first'], failure: { code: 'permission-denied' } });
    expect(readdirSync(folder)).toEqual(['registry.db']);
  });

  test('a registry that somebody has open is read with its log', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    await store.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    expect(await visitMounted(mountReadOnly)).toMatchObject({ readOnly: true, names: ['first', 'second'] });
  });

  test('a registry whose log cannot be read is refused rather than read without it', async () => {
    await makeRegistry();
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
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

describe.skipIf(!canMount)('on a full disk', () => {
  test('writes are refused as quota-exceeded, and what was saved is there', async () => {
    const visit = await visitMounted('mount -t tmpfs -o size=2m tmpfs "$folder"', 'fill');
    expect(visit.failure?.code).toBe('quota-exceeded');
    expect(visit.failure?.saved).toBeGreaterThan(0);
    expect(visit.failure?.counted).toBe(visit.failure?.saved);
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
    await using store = await SqlRegistryStore.open({ url: `sqlite:${path}` });
    await store.repositories.models.save(createModel({ id: 'b', name: 'second', now }));
    chmodSync(folder, 0o755);
    expect(await visitAsNobody()).toMatchObject({ readOnly: true, names: ['first', 'second'] });
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
