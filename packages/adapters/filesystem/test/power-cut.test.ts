import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Durability, FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type KnownContents, TracedProgram, recordFact, tryPowerCuts } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { isSame } from './crash-run.ts';
import { type Contents, contentsAfter, crashSteps, readContents } from './crash-steps.ts';
import { readSound } from './read-sound.ts';

/** `HOLDFAST_TEST_LONG=true` tries many more of what may be on the disk at each moment. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const measure = 'states after a power cut';
const writer = new TracedProgram(join(import.meta.dirname, 'crash-subject.ts'));
const upkeep = new TracedProgram(join(import.meta.dirname, 'upkeep-subject.ts'));

/** A synced write holds from its acknowledgement on; one whose bytes only are synced may be taken back, whole. */
const promises = [
  { layout: 'store', durability: Durability.Full, medium: 'local', isAllowed: undefined },
  { layout: 'store', durability: Durability.Full, medium: 'network', isAllowed: undefined },
  { layout: 'store', durability: Durability.Data, medium: 'local', isAllowed: isAnyEarlier },
  { layout: 'plain', durability: Durability.Full, medium: 'local', isAllowed: undefined },
  { layout: 'plain', durability: Durability.Data, medium: 'local', isAllowed: holdsEarlierBytes },
] as const;

describe.skipIf(strace() === undefined)('a power cut', () => {
  test.for(promises)(
    'at any moment takes nothing that was acknowledged: $layout, $durability, $medium',
    { timeout: 1_800_000 },
    async ({ layout, durability, medium, isAllowed }) => {
      const rootIn = (folder: string): string => join(folder, 'parent', 'store');
      const { states, contents } = await tryPowerCuts({
        program: writer,
        parameters: (folder) => [rootIn(folder), layout, durability, medium],
        observe: (folder) => readSound({ root: rootIn(folder), layout }),
        statesPerMoment: isLong ? 200 : 16,
        ...(isAllowed === undefined ? {} : { isAllowed }),
      });
      expect(isSame(contents, contentsAfter(crashSteps[layout]).at(-1))).toBe(true);
      const subject = layout === 'store' ? 'store' : 'plain folder';
      recordFact({
        subject,
        measure,
        detail: `durability ${durability}, ${medium} disk`,
        count: states,
        isLong,
      });
    },
  );
});

describe.skipIf(strace() === undefined)('a power cut beside the upkeep of a store', () => {
  test('takes no snapshot that was acknowledged', { timeout: 1_800_000 }, async () => {
    const { states, contents } = await tryPowerCuts({
      program: upkeep,
      parameters: (root) => [root, 'snapshot'],
      prepare: makeStore,
      observe: async (root) => {
        await readSound({ root, layout: 'store' });
        await loseIndex(root);
        return rebuild(root);
      },
      statesPerMoment: isLong ? 200 : 16,
    });
    expect([...contents.keys()]).toEqual(['large', 'small']);
    recordFact({ subject: 'store', measure, detail: 'snapshot', count: states, isLong });
  });

  test('takes no index that was made again', { timeout: 1_800_000 }, async () => {
    const { states, contents } = await tryPowerCuts({
      program: upkeep,
      parameters: (root) => [root, 'rebuild'],
      prepare: makeLostStore,
      observe: async (root) => {
        const found = await readSound({ root, layout: 'store' }).catch(ifDamaged);
        return found ?? new Map([...(await rebuild(root))].map(([key, digest]) => [`${key}, later`, digest]));
      },
      statesPerMoment: isLong ? 200 : 16,
    });
    expect([...contents.keys()]).toEqual(['large', 'small']);
    recordFact({ subject: 'store', measure, detail: 'rebuilt index', count: states, isLong });
  });
});

async function makeStore(root: string): Promise<void> {
  await using adapter = new FilesystemStorageAdapter({ root });
  await adapter.put('large' as ObjectKey, Buffer.alloc(40_000, 'large'));
  await adapter.put('small' as ObjectKey, Buffer.alloc(40, 'small'));
}

/** Its index is gone, and in its place is the log of a writer that was killed long ago. */
async function makeLostStore(root: string): Promise<void> {
  const log = join(root, 'index.db-wal');
  {
    await using adapter = new FilesystemStorageAdapter({ root });
    await adapter.put('old' as ObjectKey, Buffer.alloc(40, 'old'));
    await copyFile(log, join(root, 'tmp', 'log'));
    await adapter.delete([{ key: 'old' as ObjectKey }]);
  }
  await makeStore(root);
  {
    await using adapter = new FilesystemStorageAdapter({ root });
    await adapter.maintenance?.snapshot?.();
  }
  await rm(join(root, 'index.db'));
  await rename(join(root, 'tmp', 'log'), log);
}

async function loseIndex(root: string): Promise<void> {
  for (const name of ['index.db', 'index.db-wal', 'index.db-shm'])
    await rm(join(root, name), { force: true });
}

/** What a store holds whose lost index was made again. */
async function rebuild(root: string): Promise<Contents> {
  await using adapter = new FilesystemStorageAdapter({ root });
  await adapter.maintenance?.rebuild?.();
  return await readContents(adapter);
}

function ifDamaged(error: unknown): undefined {
  if (!StorageError.isInstance(error, 'corrupt')) throw error;
}

function isAnyEarlier(contents: Contents, { earlier, acknowledged, next }: KnownContents): boolean {
  return [...earlier, acknowledged, next].some((one) => one !== undefined && isSame(contents, one));
}

function holdsEarlierBytes(contents: Contents, { earlier, acknowledged, next }: KnownContents): boolean {
  const known = [...earlier, acknowledged, ...(next === undefined ? [] : [next])];
  return [...contents].every(([key, digest]) => known.some((one) => one.get(key) === digest));
}
