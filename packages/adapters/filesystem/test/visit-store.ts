/** Tries what can be done with a store where it lies: `visit-store.ts ROOT read|make|fill|watch|count|replace`. Prints it as JSON, a line a look. */
import { hash, randomBytes } from 'node:crypto';
import { open as openFile, readFile, readdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Durability, FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

const [root = '', task = 'read', busyTimeoutMs = '5000', durability = 'full'] = process.argv.slice(2);
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  read,
  make,
  fill,
  watch,
  count: readCount,
  replace,
};

await tasks[task]?.();

function open(): FilesystemStorageAdapter {
  return new FilesystemStorageAdapter({ root, busyTimeoutMs: Number(busyTimeoutMs) });
}

async function read(): Promise<void> {
  await using adapter = open();
  tell({
    contents: await outcomeOf(() => readContents(adapter)),
    damages: await outcomeOf(() => Array.fromAsync(adapter.maintenance?.checkRecords() ?? [])),
    range: await outcomeOf(async () => readBody(adapter, 'large', { offset: 99_990, length: 5 })),
    path: await outcomeOf(async () => {
      const path = await adapter.localPath('large' as ObjectKey);
      return path === undefined ? undefined : hash('sha256', await readFile(path), 'hex');
    }),
    check: await outcomeOf(() => adapter.check()),
    refused: await refusals(adapter),
  });
}

/** What writing, in every way, ends with. */
async function refusals(adapter: FilesystemStorageAdapter): Promise<Readonly<Record<string, unknown>>> {
  const small = 'small' as ObjectKey;
  const writes: Readonly<Record<string, () => Promise<unknown>>> = {
    'put small': () => adapter.put('new' as ObjectKey, Buffer.from('x')),
    'put large': () => adapter.put('new' as ObjectKey, Buffer.alloc(100_000)),
    copy: () => adapter.copy('large' as ObjectKey, 'copy' as ObjectKey),
    delete: () => adapter.delete([{ key: small }]),
    transaction: () => adapter.transaction([{ kind: 'delete', key: small }]),
    path: () => adapter.localPath(small),
    check: () => adapter.check({ write: true }),
    collect: () => adapter.maintenance?.collectLeftovers() ?? Promise.resolve(),
    snapshot: () => adapter.maintenance?.snapshot() ?? Promise.resolve(),
  };
  const found: Record<string, unknown> = {};
  for (const [name, write] of Object.entries(writes)) found[name] = await outcomeOf(write);
  return found;
}

async function make(): Promise<void> {
  await using adapter = open();
  tell(
    await outcomeOf(async () => {
      await adapter.put('small' as ObjectKey, Buffer.from('small body'));
      await adapter.put('large' as ObjectKey, Buffer.alloc(100_000, 'x'));
      return readContents(adapter);
    }),
  );
}

/** Puts until the disk is full, once with bytes in the index and once in files; then makes room and puts again. */
async function fill(): Promise<void> {
  const ballast = join(dirname(root), 'ballast');
  await writeFile(ballast, randomBytes(200_000));
  const found: object[] = [];
  for (const sizeBytes of [100_000, 10_000, 500]) {
    await using adapter = open();
    found.push(await fillWith(adapter, sizeBytes));
  }
  await useUp(`${ballast}-2`);
  await using reopened = open();
  const [contents, damages] = await readAll(reopened);
  await unlink(ballast);
  const afterwards = await outcomeOf(() => reopened.put('afterwards' as ObjectKey, Buffer.alloc(50_000)));
  tell({ found, contents, damages, afterwards, left: await readdir(join(root, 'tmp')) });
}

/** Takes the room that the store gave back when it was closed. */
async function useUp(path: string): Promise<void> {
  const file = await openFile(path, 'wx');
  try {
    for (;;) await file.write(randomBytes(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

async function readAll(adapter: FilesystemStorageAdapter): Promise<readonly unknown[]> {
  return [
    await outcomeOf(async () => Object.keys(await readContents(adapter)).length),
    await outcomeOf(() => Array.fromAsync(adapter.maintenance?.checkRecords() ?? [])),
  ];
}

async function fillWith(adapter: FilesystemStorageAdapter, sizeBytes: number): Promise<object> {
  for (let count = 0; ; count++) {
    const failure = await outcomeOf(() =>
      adapter.put(`${sizeBytes}-${count}` as ObjectKey, randomBytes(sizeBytes), { mode: 'create' }),
    );
    if (failure instanceof Object && 'code' in failure) {
      const contents = Object.keys(await readContents(adapter)).filter((key) =>
        key.startsWith(`${sizeBytes}-`),
      );
      return { failure, put: count, readable: contents.length, left: await readdir(join(root, 'tmp')) };
    }
  }
}

/** Looks again at each line of the input, with the same adapter. */
async function watch(): Promise<void> {
  await using adapter = open();
  tell(await readContents(adapter));
  for await (const _line of createInterface({ input: process.stdin })) tell(await readContents(adapter));
}

/** Replaces an object's file many times, one after the other, with less than full durability. */
async function replace(): Promise<void> {
  await using adapter = new FilesystemStorageAdapter({ root, durability: durability as Durability });
  for (let round = 0; round < 140; round++)
    await adapter.put('large' as ObjectKey, Buffer.alloc(20_000, round));
  await adapter.delete([{ key: 'large' as ObjectKey }]);
  tell({});
}

async function readCount(): Promise<void> {
  await using adapter = open();
  tell({ counter: String(await readBody(adapter, 'counter')) });
}

/** The digest of each object's bytes, by key; objects that are not what their record says are refused. */
async function readContents(adapter: FilesystemStorageAdapter): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for await (const { objects } of adapter.list()) {
    for (const { key, checksum } of objects) {
      const digest = hash('sha256', await readBody(adapter, key), 'hex');
      if (!String(checksum).endsWith(digest)) throw new Error(`${key} is not what was put`);
      contents[key] = digest;
    }
  }
  return contents;
}

async function readBody(
  adapter: FilesystemStorageAdapter,
  key: string,
  range?: { readonly offset: number; readonly length: number },
): Promise<string | Buffer> {
  await using reader = await adapter.get(key as ObjectKey, range === undefined ? {} : { range });
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return range === undefined ? Buffer.concat(chunks) : Buffer.concat(chunks).toString();
}

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return (await work()) ?? 'done';
  } catch (error) {
    if (!StorageError.isInstance(error)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}

function tell(found: unknown): void {
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
