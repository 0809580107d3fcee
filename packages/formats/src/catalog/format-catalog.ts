import { InvalidValueError, isSerializationFormat, type SerializationFormat } from '@holdfast/domain';
import type { DetailLimit } from '../detail-limit.ts';
import { FormatError } from '../format-error.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { ReadBudget } from '../source/read-budget.ts';
import { fileProbe, type FileProbe } from './file-probe.ts';
import { type InspectingFolderProbe, folderProbe } from './folder-probe.ts';
import type { FolderSource } from './folder-source.ts';
import type { FormatDetection } from './format-detection.ts';
import type { DetectionFacts, FormatHandler, FormatProbe } from './format-handler.ts';
import type { FormatInspection, InspectionFacts } from './format-inspection.ts';
import type { Inflate } from './inflate.ts';
import { type AtLimit, InspectionNotes } from './inspection-notes.ts';
import { standardHandlers } from './standard-handlers.ts';
import { surveyFolder } from './survey-folder.ts';
import { warnOfContent } from './warn-of-content.ts';

/** Settings of a detection. */
export interface DetectOptions {
  /** The file's name. It may narrow what the content leaves open, and never decides alone. */
  readonly path?: string | undefined;
  /** Opens compressed data; without it, what lies inside is reported as unknown. */
  readonly inflate?: Inflate | undefined;
  /** The most that is read, in bytes. @default 104857600 (100 MiB) */
  readonly readBudgetBytes?: number | undefined;
  /**
   * At a limit of Holdfast's own, such as `readBudgetBytes`: `describe` in less detail, with the
   * warning `detail-limited`, or `throw` the {@link DetailLimit}.
   *
   * @default 'describe'
   */
  readonly atLimit?: AtLimit | undefined;
  /** Gives up at the next read. */
  readonly signal?: AbortSignal | undefined;
}

/** Settings of an inspection. */
export interface InspectOptions extends DetectOptions {
  /** Inspect as this format; anything else is refused. @default whatever is detected */
  readonly format?: SerializationFormat | undefined;
}

/**
 * The formats that can be detected and inspected, in the order in which they are asked.
 * Immutable: {@link FormatCatalog.with} gives a new one.
 *
 * Formats from outside are asked first, the one added last before the others, because a format of
 * one's own is often a special case of a known container such as zip, HDF5 or JSON, which would
 * otherwise win. The first that recognises the content wins; what none recognises is `binary`.
 */
export class FormatCatalog {
  static readonly #standard: FormatCatalog = new FormatCatalog(standardHandlers);
  readonly #handlers: readonly FormatHandler[];

  private constructor(handlers: readonly FormatHandler[]) {
    this.#handlers = handlers;
  }

  /** The formats that Holdfast knows by itself. */
  static standard(): FormatCatalog {
    return FormatCatalog.#standard;
  }

  /** The names of the formats, in the order in which they are asked. */
  get formats(): readonly SerializationFormat[] {
    return this.#handlers.map((handler) => handler.format);
  }

  /**
   * A catalog with one handler more. A format that is there already keeps its place, and the
   * functions given replace its own: this is how a richer inspector of a known format is put in.
   *
   * @throws InvalidValueError when the name is neither a known format nor an `x-` name.
   */
  with(handler: FormatHandler): FormatCatalog {
    if (!isSerializationFormat(handler.format)) {
      throw new InvalidValueError({
        field: 'format',
        value: handler.format,
        reason: 'is not the name of a format',
        hint: 'Call a format of your own x-…, in lower case.',
      });
    }
    const existing = this.#handlers.findIndex((candidate) => candidate.format === handler.format);
    if (existing === -1) return new FormatCatalog([handler, ...this.#handlers]);
    return new FormatCatalog(this.#handlers.with(existing, { ...this.#handlers[existing], ...handler }));
  }

  /**
   * Tells the format of bytes from their content.
   *
   * @throws FormatError when the bytes are meant to be in a format and are broken.
   */
  async detect(source: ByteRangeSource, options: DetectOptions = {}): Promise<FormatDetection> {
    return this.#detect(probeOf(source, options));
  }

  /**
   * Tells what bytes hold: tensors, inputs, outputs, metadata, as far as the format states it.
   *
   * @throws FormatError when the bytes are broken, or are not in `options.format`.
   */
  async inspect(source: ByteRangeSource, options: InspectOptions = {}): Promise<FormatInspection> {
    return this.#inspect(probeOf(source, options), options.format);
  }

  /**
   * Tells the format of a folder from its files and their content.
   *
   * @throws FormatError when a file that decides is broken; `path` names it.
   */
  async detectFolder(folder: FolderSource, options: DetectOptions = {}): Promise<FormatDetection> {
    return this.#detectFolder(this.#folderProbe(folder, options));
  }

  /**
   * Tells what a folder holds.
   *
   * @throws FormatError when a file of it is broken, or the folder is not in `options.format`.
   */
  async inspectFolder(folder: FolderSource, options: InspectOptions = {}): Promise<FormatInspection> {
    const probe = this.#folderProbe(folder, options);
    const detection = await this.#detectFolder(probe, options.format);
    const handler = this.#handlers.find((candidate) => candidate.format === detection.format);
    const facts = await described(detection.format, probe, async () => handler?.inspectFolder?.(probe));
    const survey = options.format === 'binary' ? {} : await surveyFolder(probe);
    const sizeBytes = probe.entries.reduce((total, entry) => total + entry.sizeBytes, 0);
    const summary = { fileCount: probe.entries.length };
    return withNotes({ ...detection, sizeBytes, summary, ...facts, ...survey }, probe.notes);
  }

  #folderProbe(folder: FolderSource, options: DetectOptions): InspectingFolderProbe {
    const budget = new ReadBudget(options.readBudgetBytes);
    const { atLimit, inflate } = options;
    return folderProbe(folder, {
      notes: new InspectionNotes(atLimit),
      openReader: (source) => new BoundedReader(source, { budget, signal: options.signal }),
      inspectFile: (reader, path) =>
        this.#inspect(fileProbe(reader, { path, inflate, notes: new InspectionNotes(atLimit) })),
    });
  }

  async #detect(probe: FileProbe, only?: SerializationFormat): Promise<FormatDetection> {
    if (only === 'binary')
      return { format: only, evidence: ['Given as binary; the content was not looked at.'] };
    for (const handler of this.#handlers) {
      if (only !== undefined && handler.format !== only) continue;
      const facts = await recognised(handler.format, probe, async () => handler.detect?.(probe));
      if (facts !== undefined) return { format: handler.format, ...facts };
    }
    return { format: 'binary', ...probe.remains() };
  }

  async #inspect(probe: FileProbe, only?: SerializationFormat): Promise<FormatInspection> {
    const detection = await this.#detect(probe, only);
    if (only !== undefined && detection.format !== only)
      throw await notOf(only, detection, () => this.#detect(probe));
    const handler = this.#handlers.find((candidate) => candidate.format === detection.format);
    const facts = await described(detection.format, probe, async () => handler?.inspect?.(probe));
    if (only === undefined) await warnOfContent(probe, detection);
    return withNotes({ ...detection, sizeBytes: probe.reader.sizeBytes, summary: {}, ...facts }, probe.notes);
  }

  async #detectFolder(probe: InspectingFolderProbe, only?: SerializationFormat): Promise<FormatDetection> {
    if (only === 'binary')
      return { format: only, evidence: ['Given as binary; the content was not looked at.'] };
    for (const handler of this.#handlers) {
      if (only !== undefined && handler.format !== only) continue;
      const facts = await recognised(handler.format, probe, async () => handler.detectFolder?.(probe));
      if (facts !== undefined) return { format: handler.format, ...facts };
    }
    const detection: FormatDetection = { format: 'binary', ...probe.remains() };
    if (only === undefined) return detection;
    throw await notOf(only, detection, () => this.#detectFolder(probe));
  }
}

type Noted = Pick<FormatProbe, 'note' | 'limit'>;

/** What a detector found. At a limit, it is its format only where the bytes before left no doubt. */
async function recognised(
  format: SerializationFormat,
  probe: Noted,
  detect: () => Promise<DetectionFacts | undefined>,
): Promise<DetectionFacts | undefined> {
  try {
    return await labelled(format, detect);
  } catch (error) {
    probe.limit(error);
    const { reason, format: certain } = error as DetailLimit;
    if (certain === format) return { evidence: [`The content begins like ${format}; ${reason}.`] };
    probe.note(`Whether it is ${format} was not found out: ${reason}.`);
    return undefined;
  }
}

/** What an inspector found; nothing where it met a limit and kept nothing. */
async function described(
  format: SerializationFormat,
  probe: Noted,
  inspect: () => Promise<InspectionFacts | undefined>,
): Promise<InspectionFacts | undefined> {
  try {
    return await labelled(format, inspect);
  } catch (error) {
    probe.limit(error);
    return undefined;
  }
}

function withNotes(inspection: FormatInspection, notes: InspectionNotes): FormatInspection {
  const warnings = [...(inspection.warnings ?? []), ...notes.warnings];
  return warnings.length === 0 ? inspection : { ...inspection, warnings };
}

/** Errors of the reader know no format; they get that of the handler that was reading. */
async function labelled<T>(format: SerializationFormat, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw FormatError.isInstance(error) && error.format === 'binary' ? error.with({ format }) : error;
  }
}

function probeOf(source: ByteRangeSource, options: DetectOptions): FileProbe {
  const reader = new BoundedReader(source, {
    budget: new ReadBudget(options.readBudgetBytes),
    signal: options.signal,
  });
  const { path, inflate, atLimit } = options;
  return fileProbe(reader, { path, inflate, notes: new InspectionNotes(atLimit) });
}

/** The error about content in another format than the one that was asked for: which one it is in, where that can be found out. */
async function notOf(
  wanted: SerializationFormat,
  detection: FormatDetection,
  detect: () => Promise<FormatDetection>,
): Promise<FormatError> {
  const { format, evidence } = await detect().catch((error: unknown) => {
    if (FormatError.isInstance(error)) return detection;
    throw error;
  });
  const other =
    format === 'binary' ? 'the content is not in this format' : `the content is ${format}, not ${wanted}`;
  return new FormatError({
    format: wanted,
    offset: 0,
    reason: `${other}: ${evidence.join(' ')}`,
    hint: 'Let the format be detected, or give the file as binary.',
  });
}
