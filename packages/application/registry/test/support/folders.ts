import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ModelStorageInfo, type TreeEntry, parseTreeManifest } from '@holdfast/domain';
import { type World, sampleBytes } from './world.ts';

/** Files by their paths. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Makes a folder of files. */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true });
    await writeFile(`${folder}/${path}`, bytes);
  }
}

/** The files below a folder, in hexadecimal. */
export async function readFolder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`;
    files[path.slice(folder.length + 1)] = (await readFile(path)).toString('hex');
  }
  return files;
}

/** Files as {@link readFolder} gives them. */
export const hexOf = (files: Files): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]),
  );

/** A folder for most purposes. */
export const someFiles: Files = {
  'a/b/ü🔩.bin': sampleBytes(2_000),
  'a.txt': sampleBytes(10, 2),
  ' leading': sampleBytes(0),
};

/** The entries of a tree. */
export async function manifestOf(world: World, storage: ModelStorageInfo): Promise<readonly TreeEntry[]> {
  return parseTreeManifest(Buffer.from(await world.storage.load(storage)).toString()).entries;
}
