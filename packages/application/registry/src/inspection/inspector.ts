import type { SerializationFormat } from '@holdfast/domain';
import {
  type ByteRangeSource,
  DetailLimit,
  type DetectOptions,
  type FolderSource,
  FormatCatalog,
  type FormatDetection,
  type FormatInspection,
  type InspectOptions,
} from '@holdfast/formats';
import { type Cancellable, throwIfCancelled } from '@holdfast/ports';
import { inflate } from '@holdfast/storage';
import { type InspectionLimits, inspectInWorker } from './inspect-in-worker.ts';

export interface InspectorOptions {
  /** @default the standard formats */
  readonly formats?: FormatCatalog | undefined;
  readonly limits?: InspectionLimits | undefined;
}

export interface InspectorRequest extends Cancellable {
  /** The name of the file or folder. */
  readonly path?: string | undefined;
  /** The format to hold the bytes to. */
  readonly format?: SerializationFormat | undefined;
}

/** What to look for in a file. */
export interface FileRequest extends InspectorRequest {
  /** Where the source reads from, if that is a local file: a worker reads it there by itself. */
  readonly location?: string | undefined;
}

/** What is read in this thread before a worker takes over: in the time that this takes, a worker would not have begun. */
const budgetHereBytes = 1024 * 1024;
/** What is read to tell the format of what took too long. */
const budgetAfterwardsBytes = 65_536;

/**
 * Reads files and folders that are not trusted: the one way in which `put` and `inspect` do.
 * What takes little is done at once. The rest goes to a worker that is ended at a limit of time and
 * memory, or when the signal is raised; what it left out is a warning and never an error.
 *
 * A catalog with formats from outside cannot be sent to a worker, and is asked in this thread.
 */
export class Inspector {
  readonly #formats: FormatCatalog;
  readonly #limits: InspectionLimits;

  constructor({ formats = FormatCatalog.standard(), limits = {} }: InspectorOptions = {}) {
    this.#formats = formats;
    this.#limits = limits;
  }

  /** @throws FormatError when the bytes are broken, or are not in the format that was asked for; StorageError `cancelled`. */
  inspectFile(source: ByteRangeSource, request: FileRequest = {}): Promise<FormatInspection> {
    const { sizeBytes } = source;
    return this.#inspect(request, {
      sizeBytes,
      task: { file: { sizeBytes, location: request.location } },
      here: (options) => this.#formats.inspect(source, options),
      detect: (options) => this.#formats.detect(source, options),
      read: ({ offset, length }) => source.read(offset, length, optionsOf(request)),
    });
  }

  /** @throws FormatError when a file that decides is broken, or the folder is not in the format that was asked for. */
  inspectFolder(folder: FolderSource, request: InspectorRequest = {}): Promise<FormatInspection> {
    const { entries } = folder;
    const opened = new Map<string, Promise<ByteRangeSource>>();
    const open = async (path: string): Promise<ByteRangeSource> => folder.open(path);
    return this.#inspect(request, {
      sizeBytes: entries.reduce((total, entry) => total + entry.sizeBytes, 0),
      task: { entries },
      here: (options) => this.#formats.inspectFolder(folder, options),
      detect: (options) => this.#formats.detectFolder(folder, options),
      read: async ({ path = '', offset, length }) => {
        const source = opened.get(path) ?? open(path);
        opened.set(path, source);
        return (await source).read(offset, length, optionsOf(request));
      },
    });
  }

  async #inspect(request: InspectorRequest, subject: Subject): Promise<FormatInspection> {
    try {
      return await this.#look(request, subject);
    } catch (error) {
      throwIfCancelled(request.signal, { operation: 'inspect', key: request.path });
      throw error;
    }
  }

  async #look(request: InspectorRequest, subject: Subject): Promise<FormatInspection> {
    const { path, format, signal } = request;
    const options = { inflate, path, format, signal };
    if (this.#formats !== FormatCatalog.standard()) return subject.here(options);
    try {
      return await subject.here({ ...options, readBudgetBytes: budgetHereBytes, atLimit: 'throw' });
    } catch (error) {
      if (!DetailLimit.isInstance(error)) throw error;
    }
    const { task, read } = subject;
    const outcome = await inspectInWorker({ ...task, path, format }, { ...this.#limits, read, signal });
    if (typeof outcome !== 'string') return outcome;
    const detection = await subject.detect({ inflate, path, signal, readBudgetBytes: budgetAfterwardsBytes });
    return describeStopped(detection, subject.sizeBytes, outcome);
  }
}

interface Subject {
  readonly sizeBytes: number;
  readonly task: Parameters<typeof inspectInWorker>[0];
  readonly here: (options: InspectOptions) => Promise<FormatInspection>;
  readonly detect: (options: DetectOptions) => Promise<FormatDetection>;
  readonly read: Parameters<typeof inspectInWorker>[1]['read'];
}

function describeStopped(detection: FormatDetection, sizeBytes: number, reason: string): FormatInspection {
  return {
    scan: { verdict: 'unscanned', reason: 'It was not looked into to its end, and may hold code.' },
    ...detection,
    sizeBytes,
    summary: {},
    warnings: [
      {
        code: 'inspection-stopped',
        message: `Looking into it was stopped: ${reason}. The bytes are kept as they are.`,
      },
    ],
  };
}

function optionsOf({ signal }: Cancellable): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
