import { type GetOptions, type OperationContext, StorageError } from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { ResolvedRange } from '../resolve-range.ts';
import type { OpenedObject, OpenOptions } from './cloud-driver.ts';
import { narrowBody } from './narrow-body.ts';
import { readAhead } from './read-ahead.ts';
import { resumableBody } from './resumable-body.ts';

/** How a long body is cut into requests. */
export interface ReadParts {
  readonly sizeBytes: number;
  readonly atOnce: number;
}

/** What a body is read with. */
export interface ObjectBodyOptions {
  readonly runner: RequestRunner;
  readonly context: OperationContext;
  readonly options: Pick<GetOptions, 'signal'>;
  readonly idleMs: number;
  readonly parts: ReadParts;
  readonly open: (options: OpenOptions) => Promise<OpenedObject | undefined>;
}

/**
 * The bytes of one state of an object. When the first answer does not hold all that is wanted, it is the first part,
 * and the others are fetched beside it, several at once.
 */
export class ObjectBody {
  readonly #given: ObjectBodyOptions;
  readonly #first: OpenedObject;
  readonly #wanted: ResolvedRange;
  readonly #isInParts: boolean;
  readonly #open = new Set<OpenedObject>();
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal | undefined;

  /** @throws StorageError `unexpected` when the answer is not what was asked for. */
  constructor(first: OpenedObject, wanted: ResolvedRange, given: ObjectBodyOptions) {
    const { signal } = given.options;
    this.#given = given;
    this.#wanted = wanted;
    this.#isInParts = wanted.length > given.parts.sizeBytes && !holds(first.range, wanted);
    this.#signal = this.#isInParts ? joinSignals(this.#stopped.signal, signal) : signal;
    const [range = wanted] = this.#ranges();
    this.#first = this.#narrowed(first, range);
    this.#open.add(this.#first);
  }

  chunks(): AsyncIterable<Uint8Array> {
    if (!this.#isInParts) return this.#readOn(this.#first);
    const { sizeBytes, atOnce } = this.#given.parts;
    return readAhead(this.#pieces(), { pieceBytes: sizeBytes, atOnce, stop: () => this.close() });
  }

  /** Gives up what has not been read. */
  close(): void {
    this.#stopped.abort();
    for (const opened of this.#open) opened.close();
  }

  *#ranges(): Generator<ResolvedRange> {
    const { offset, length } = this.#wanted;
    const partBytes = this.#isInParts ? this.#given.parts.sizeBytes : length;
    const end = offset + length;
    for (let begin = offset; begin < end; begin += partBytes)
      yield { offset: begin, length: Math.min(partBytes, end - begin) };
  }

  *#pieces(): Generator<AsyncIterable<Uint8Array>> {
    for (const range of this.#ranges())
      yield range.offset === this.#wanted.offset ? this.#readOn(this.#first) : this.#read(range);
  }

  async *#read({ offset, length }: ResolvedRange): AsyncGenerator<Uint8Array> {
    yield* this.#readOn(await this.#reopen(offset, length));
  }

  async *#readOn(first: OpenedObject): AsyncGenerator<Uint8Array> {
    const { runner, context, idleMs } = this.#given;
    let opened = first;
    const reopen = async (offset: number, length: number): Promise<OpenedObject> => {
      this.#open.delete(opened);
      opened = await this.#reopen(offset, length);
      return opened;
    };
    try {
      yield* resumableBody(first, { runner, context, signal: this.#signal, idleMs, reopen });
    } finally {
      this.#open.delete(opened);
    }
  }

  /** Opens the state that was seen first, for a part of it. */
  async #reopen(offset: number, length: number): Promise<OpenedObject> {
    const { runner, context, open } = this.#given;
    const { etag, version, sizeBytes } = this.#first.object;
    const state = { range: { offset, length }, ifMatch: etag, version };
    const again = await runner.run(context, { signal: this.#signal }, (signal) => open({ ...state, signal }));
    if (again === undefined) throw this.#changed('deleted');
    const narrowed = this.#narrowed(again, { offset, length });
    if (again.object.sizeBytes !== sizeBytes || again.object.etag !== etag) {
      narrowed.close();
      throw this.#changed('replaced');
    }
    this.#open.add(narrowed);
    return narrowed;
  }

  /** Holds an answer to what was asked for: a longer one is cut, any other one refused. */
  #narrowed(opened: OpenedObject, wanted: ResolvedRange): OpenedObject {
    const { range } = opened;
    if (range.offset === wanted.offset && range.length === wanted.length) return opened;
    if (holds(range, wanted)) return narrowBody(opened, wanted);
    opened.close();
    throw new StorageError({
      ...this.#given.context,
      code: 'unexpected',
      message: `${this.#given.context.backend} answered with bytes ${range.offset} to ${range.offset + range.length} where ${wanted.offset} to ${wanted.offset + wanted.length} were asked for.`,
      hint: 'Look for a proxy between here and the store that changes what passes.',
    });
  }

  #changed(how: 'replaced' | 'deleted'): StorageError {
    const message = `The object was ${how} while it was read.`;
    return new StorageError({ ...this.#given.context, code: 'precondition-failed', message });
  }
}

function holds(range: ResolvedRange, wanted: ResolvedRange): boolean {
  return range.offset <= wanted.offset && range.offset + range.length >= wanted.offset + wanted.length;
}
