import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Digest, ScanVerdict, type SerializationFormat, digestOfHex } from '@holdfast/domain';
import { type FolderEntry, type FolderSource, inspect, inspectFolder } from '@holdfast/formats';
import { FileRangeSource, fileSource } from '@holdfast/storage';
import type { CommandContext } from '../../command/command-context.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import type { Inspected } from './inspected.ts';

export interface InspectPathOptions {
  readonly isFolder: boolean;
  /** The format to hold the bytes to. */
  readonly format: SerializationFormat | undefined;
  readonly context: CommandContext;
}

/** Looks into a file or folder of the user's. */
export function inspectPath(path: string, options: InspectPathOptions): Promise<Inspected> {
  return options.isFolder ? inspectLocalFolder(path, options) : inspectFile(path, options);
}

async function inspectFile(path: string, { format, context }: InspectPathOptions): Promise<Inspected> {
  await using source = await FileRangeSource.open(path);
  const inspection = await inspect(source, {
    path,
    signal: context.signal,
    ...(format === undefined ? {} : { format }),
  });
  return {
    subject: path,
    kind: 'file',
    format: inspection.format,
    digest: await hashFile(path, context),
    sizeBytes: source.sizeBytes,
    fileCount: 1,
    verdict: ScanVerdict.Unscanned,
    inspection,
  };
}

async function hashFile(path: string, { output, signal }: CommandContext): Promise<Digest> {
  const { sizeBytes, open } = await fileSource(path);
  using meter = new TransferMeter('Hashing', output);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of open()) {
    signal.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.byteLength;
    meter.onProgress({ phase: 'hash', bytes, totalBytes: sizeBytes });
  }
  return digestOfHex(hash.digest('hex'));
}

async function inspectLocalFolder(
  folder: string,
  { format, context }: InspectPathOptions,
): Promise<Inspected> {
  await using source = new LocalFolder(folder, await listFiles(folder));
  const inspection = await inspectFolder(source, {
    signal: context.signal,
    ...(format === undefined ? {} : { format }),
  });
  return {
    subject: folder,
    kind: 'folder',
    format: inspection.format,
    sizeBytes: inspection.sizeBytes,
    fileCount: source.entries.length,
    verdict: ScanVerdict.Unscanned,
    inspection,
  };
}

/** A folder of the user's, with the files that were opened in it. */
class LocalFolder implements FolderSource, AsyncDisposable {
  readonly entries: readonly FolderEntry[];
  readonly #folder: string;
  readonly #opened: FileRangeSource[] = [];

  constructor(folder: string, entries: readonly FolderEntry[]) {
    this.#folder = folder;
    this.entries = entries;
  }

  async open(path: string): Promise<FileRangeSource> {
    const source = await FileRangeSource.open(join(this.#folder, ...path.split('/')));
    this.#opened.push(source);
    return source;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#opened) await source[Symbol.asyncDispose]();
  }
}

async function listFiles(folder: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: FolderEntry[] = [];
  for (const entry of entries) {
    const location = join(entry.parentPath, entry.name);
    const found = await stat(location).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    files.push({ path: relative(folder, location).split(sep).join('/'), sizeBytes: found.size });
  }
  return files;
}
