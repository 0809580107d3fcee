import { randomUUID } from 'node:crypto';
import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import {
  isTaken,
  linkFile,
  removeFile,
  renamePatiently,
  syncFolder,
  undefinedIfMissing,
} from '@holdfast/files';
import { StorageError } from '@holdfast/ports';
import { temporaryName } from '../file/temporary-name.ts';

/** What `holdfast-store.json` says. */
export interface StoreMarker {
  readonly layout: number;
  readonly storeId: string;
}

/** The layout that this version writes and reads. */
const currentLayout = 1;

const markerName = 'holdfast-store.json';

/** What the making of a store leaves before its marker, which comes last. */
const partsOfStore: ReadonlySet<string> = new Set([
  'data',
  'tmp',
  'index.db',
  'index.db-wal',
  'index.db-shm',
  'index.db-journal',
  'index.db-reserve',
  'snapshots',
]);

/**
 * Reads a store's marker; `undefined` when the folder is missing or holds no store yet.
 *
 * @throws StorageError `invalid-configuration` when the folder holds something else, or a store of another layout.
 */
export async function readStoreMarker(root: string): Promise<StoreMarker | undefined> {
  const text = await readFile(join(root, markerName), 'utf8').catch(undefinedIfMissing);
  if (text !== undefined) return parseMarker(text, root);
  const others = ((await readdir(root).catch(undefinedIfMissing)) ?? []).filter(
    (name) => !isPartOfStore(name),
  );
  if (others.length === 0) return undefined;
  // Another process may have marked it since.
  if (others.includes(markerName)) return readStoreMarker(root);
  throw invalid(
    `The folder ${root} holds other files (${others[0]}), so it cannot become a store.`,
    'Name an empty or a new folder.',
  );
}

/** Marks a folder as a store, once everything else of the store is there. Of several makers the first one wins. */
export async function writeStoreMarker(root: string, mode: number): Promise<StoreMarker> {
  const marker: StoreMarker = { layout: currentLayout, storeId: randomUUID() };
  const temporary = join(root, 'tmp', temporaryName(`marker-${marker.storeId}`));
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(`${JSON.stringify(marker, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await publish(temporary, join(root, markerName));
  } finally {
    await removeFile(temporary);
  }
  await syncFolder(root);
  return (await readStoreMarker(root)) ?? marker;
}

/** Without hard links the maker who comes last wins: its marker takes the place of the earlier one, whole. */
async function publish(temporary: string, path: string): Promise<void> {
  try {
    if (await linkFile(temporary, path)) return;
  } catch (error) {
    if (isTaken(error)) return;
    throw error;
  }
  if ((await readFile(path).catch(undefinedIfMissing)) === undefined) await renamePatiently(temporary, path);
}

function parseMarker(text: string, root: string): StoreMarker {
  const marker = parseJson(text);
  if (typeof marker?.layout !== 'number' || typeof marker.storeId !== 'string') {
    throw invalid(`${join(root, markerName)} is not the marker of a Holdfast store.`);
  }
  if (marker.layout !== currentLayout) {
    throw invalid(
      `The store in ${root} has layout ${marker.layout}; this version of Holdfast reads layout ${currentLayout}.`,
      marker.layout > currentLayout ? 'Upgrade Holdfast to use this store.' : undefined,
    );
  }
  return { layout: marker.layout, storeId: marker.storeId };
}

/** The record of the host has a temporary beside it for a moment. */
function isPartOfStore(name: string): boolean {
  return partsOfStore.has(name) || name.startsWith('index.db-host');
}

function parseJson(text: string): Partial<StoreMarker> | undefined {
  try {
    return JSON.parse(text) as Partial<StoreMarker>;
  } catch {
    return undefined;
  }
}

function invalid(message: string, hint?: string): StorageError {
  const backend = StorageBackend.LocalFilesystem;
  return new StorageError({ code: 'invalid-configuration', operation: 'open', backend, message, hint });
}
