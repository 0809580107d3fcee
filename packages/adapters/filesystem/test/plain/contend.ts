/** Works in a plain store beside other processes that do the same, and fails when a promise is broken. */
import { writeSync } from 'node:fs';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { StorageError, type StorageErrorCode } from '@holdfast/ports';
import { key, textOf } from './open-plain.ts';

const [root = '', task = '', name = '', times = '0'] = process.argv.slice(2);
await using adapter = new FilesystemStorageAdapter({ root, layout: 'plain', durability: 'none' });
const rounds = Array.from({ length: Number(times) }, (_, round) => round);

/** Creates keys that all the others create too; says which ones it got. */
async function create(): Promise<void> {
  for (const round of rounds) {
    try {
      await adapter.put(key(`round ${round}/winner`), Buffer.from(name), { mode: 'create' });
      writeSync(1, `${round}\n`);
    } catch (error) {
      if (!StorageError.isInstance(error, 'already-exists')) throw error;
    }
  }
}

/** Overwrites one key with bodies of different lengths, and reads it: whatever it reads is one of them, whole. */
async function overwrite(): Promise<void> {
  for (const round of rounds) {
    const text = `${name}${round % 10}`.repeat(1 + ((round * 7_919) % 60_000));
    await adapter.put(key('shared/object'), Buffer.from(text));
    const read = (await textOf(adapter, 'shared/object')) ?? '';
    if (read !== read.slice(0, 2).repeat(read.length / 2) || read === '') throw new Error('torn');
  }
}

/** Writes into folders that others remove as empty at the same moment. */
async function comeAndGo(): Promise<void> {
  for (const round of rounds) {
    const own = key(`a/b/${round % 3}/${name}`);
    const { etag } = await adapter.put(own, Buffer.from(name), { mode: 'create' });
    if ((await adapter.head(own))?.etag !== etag) throw new Error('another etag');
    await adapter.copy(own, key(`a/${name}`));
    const results = await adapter.delete([{ key: own }, { key: key(`a/${name}`) }]);
    if (!results.every((result) => 'outcome' in result && result.outcome === 'deleted'))
      throw new Error(JSON.stringify(results));
  }
}

/** Some want `tree`, the others what is below it: nobody loses what it was told to have, and nobody is told nonsense. */
async function collide(): Promise<void> {
  const own = key(Number(name) % 2 === 0 ? 'tree' : `tree/${name}`);
  for (const round of rounds) {
    await tell(() => adapter.head(key('tree')), []);
    await tell(() => textOf(adapter, 'tree'), []);
    await tell(() => adapter.copy(key('tree'), key(`copy ${name}`)), ['not-found']);
    await remove(`copy ${name}`);
    const mode = round % 3 === 0 ? 'create' : 'overwrite';
    const isMine = await tell(
      () => adapter.put(own, Buffer.from(`${name} ${round}`), { mode }),
      ['invalid-key', 'already-exists'],
    );
    if (!isMine) continue;
    if (own !== 'tree' && (await textOf(adapter, own)) !== `${name} ${round}`) throw new Error('lost');
    await remove(own);
  }
}

/** Whether it worked; it may fail with these codes only. */
async function tell(work: () => Promise<unknown>, codes: readonly StorageErrorCode[]): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (codes.some((code) => StorageError.isInstance(error, code))) return false;
    throw error;
  }
}

async function remove(text: string): Promise<void> {
  const [result] = await adapter.delete([{ key: key(text) }]);
  if (result !== undefined && 'error' in result) throw result.error;
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { create, overwrite, comeAndGo, collide };
await tasks[task]?.();
