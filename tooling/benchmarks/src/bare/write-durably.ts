import { hash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What a careful program does without a library: hash, write beside the place, sync, move there, sync the folder. */
export async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const digest = hash('sha256', bytes, 'hex');
  const temporary = join(folder, `.${name}.partial`);
  await using file = await open(temporary, 'wx');
  await file.writeFile(bytes);
  await file.sync();
  await rename(temporary, join(folder, name));
  await syncFolder(folder);
  return digest;
}

/** Makes the entries of a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
