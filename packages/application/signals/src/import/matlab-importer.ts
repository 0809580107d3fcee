import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { FaultTypeCatalog, InvalidValueError } from '@holdfast/domain';
import { type ByteInput, FormatError, openValues, valueLeaves } from '@holdfast/formats';
import { StorageError } from '@holdfast/ports';
import { FileRangeSource, inflate } from '@holdfast/storage';
import { inOrder } from '@holdfast/work';
import type { MatlabSignalData } from './matlab-signal-data.ts';
import { type ReadSignalOptions, chooseSignal } from './read-signal.ts';
import { type RecordingSchema, assertSchema } from './recording-schema.ts';
import { SignalError } from './signal-error.ts';
import { labelOf, metadataOf } from './signal-metadata.ts';

/** How a {@link MatlabImporter} reads recordings. */
export interface MatlabImporterOptions extends Omit<ReadSignalOptions, 'signal'> {
  /** What recordings may show. @default the eleven standard classes */
  readonly catalog?: FaultTypeCatalog | undefined;
  /** What a recording must have. @default a signal */
  readonly schema?: RecordingSchema | undefined;
  /** How many files are read at once. @default the number of processors */
  readonly atOnce?: number | undefined;
}

/** What became of a file of a folder. */
export type ImportOutcome =
  | { readonly file: string; readonly recording: MatlabSignalData }
  | {
      readonly file: string;
      /** Why it was left out, as a sentence. */
      readonly skipped: string;
    };

/** How far the import of a folder is. */
export interface ImportProgress {
  readonly doneCount: number;
  readonly fileCount: number;
}

/**
 * Reads recordings: the signal of a file, its sampling rate, what the file says beside it, and what it shows. Files of
 * MATLAB of every version, and all others that `openValues` reads.
 */
export class MatlabImporter {
  readonly #options: MatlabImporterOptions;
  readonly #catalog: FaultTypeCatalog;

  constructor(options: MatlabImporterOptions = {}) {
    this.#options = options;
    this.#catalog = options.catalog ?? FaultTypeCatalog.standard();
  }

  /**
   * Reads the recording out of bytes or a source.
   *
   * @param fileName says what it shows where the content does not.
   * @throws FormatError when the bytes break the rules of their format.
   * @throws SignalError when there is no signal, several could be it and strictness is asked for, or the schema asks for more.
   */
  async read(input: ByteInput, fileName: string, signal?: AbortSignal): Promise<MatlabSignalData> {
    const { schema = {} } = this.#options;
    const { values } = await openValues(input, { inflate, signal });
    const leaves = await valueLeaves(values, signal);
    const found = await chooseSignal(leaves, { ...this.#options, signal });
    const metadata = await metadataOf(leaves);
    const label = labelOf(metadata, fileName, this.#catalog);
    const recording = { ...found, fileName, label, metadata };
    assertSchema(recording, schema);
    return recording;
  }

  /** Reads the recording out of a file of this machine; fails as {@link MatlabImporter.read} does. */
  async readFile(path: string, signal?: AbortSignal): Promise<MatlabSignalData> {
    await using source = await FileRangeSource.open(path);
    return await this.read(source, basename(path), signal);
  }

  /**
   * Reads every file of a folder and of those below it, several at once, in the order of their paths. A file that is no
   * recording is skipped with the reason; nothing else of the folder is lost for it. Links to files are read, those to
   * folders are skipped, and hidden files are left alone.
   */
  async *importFolder(
    folder: string,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
    } = {},
  ): AsyncGenerator<ImportOutcome, void> {
    const files = await filesOf(folder);
    const { atOnce = availableParallelism() } = this.#options;
    let doneCount = 0;
    const read = (file: string, signal: AbortSignal): Promise<ImportOutcome> =>
      this.#attempt(folder, file, signal);
    for await (const outcome of inOrder(files, read, { atOnce, signal: options.signal })) {
      options.onProgress?.({ doneCount: ++doneCount, fileCount: files.length });
      yield outcome;
    }
  }

  async #attempt(folder: string, file: string, signal: AbortSignal): Promise<ImportOutcome> {
    try {
      return { file, recording: await this.readFile(join(folder, file), signal) };
    } catch (error) {
      signal.throwIfAborted();
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      return { file, skipped: reason };
    }
  }
}

/** What is the file's fault, as a sentence; `undefined` for anything else. */
function reasonOf(error: unknown): string | undefined {
  if (FormatError.isInstance(error)) return `${error.message}.`;
  if (SignalError.isInstance(error) || StorageError.isInstance(error) || InvalidValueError.isInstance(error))
    return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && /^E[A-Z]+$/.test(code) ? `It cannot be read: ${code}.` : undefined;
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')))
    .toSorted();
}
