import { type FileHandle, open, stat } from 'node:fs/promises';

/** An open file of the user's. */
export interface LocalFile {
  readonly file: FileHandle;
  readonly sizeBytes: number;
}

/**
 * Opens a file that can be read more than once. Looks before it opens: opening a pipe waits for who writes to it.
 *
 * @throws the system's error when the file is not there or cannot be read, when it is a folder (`EISDIR`),
 *   and when it is a pipe or a device, which gives its bytes once (`ESPIPE`): save that as a stream.
 */
export async function openLocalFile(path: string): Promise<LocalFile> {
  const found = await stat(path);
  if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', path });
  if (!found.isFile())
    throw Object.assign(new Error(`${path} is not a regular file`), { code: 'ESPIPE', path });
  const file = await open(path, 'r');
  return { file, sizeBytes: found.size };
}
