import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';

const top = 'package/';

/** A file of a package. */
export interface PackedFile {
  /** Inside the package, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** Packs an installed package as it lies there; what is installed below it stays out. */
export async function packFolder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const archive = pack();
  const packed = buffer(archive.pipe(createGzip({ level: 1 })));
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (!entry.isFile() || name.split('/').includes('node_modules')) continue;
    archive.entry({ name: top + name, mode: 0o755 }, await readFile(path));
  }
  archive.finalize();
  return packed;
}

/** The files in the tarball of a package, by path. */
export async function readTarball(tarball: Uint8Array): Promise<readonly PackedFile[]> {
  const files: PackedFile[] = [];
  const archive = Readable.from([tarball]).pipe(createGunzip()).pipe(extract());
  for await (const entry of archive) {
    const { name, type } = entry.header;
    const content = await buffer(entry);
    if (type === 'file') files.push({ path: name.slice(top.length), content });
  }
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}
