import {
  type GetOptions,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  StorageError,
} from '@holdfast/ports';
import { type ResolvedRange, resolveRange } from '../resolve-range.ts';
import type { CloudDriver, OpenedObject, StoredObject } from './cloud-driver.ts';
import { narrowBody } from './narrow-body.ts';
import type { RequestRunner } from './request-runner.ts';
import { resumableBody } from './resumable-body.ts';

/** What reading needs. */
export interface CloudReadOptions {
  readonly runner: RequestRunner;
  readonly idleMs: number;
  readonly context: OperationContext;
  readonly name: string;
  readonly options: GetOptions;
  readonly infoOf: (object: StoredObject) => ObjectInfo;
}

/** One get: ranges that no backend spells, answers that are checked, and a body that resumes. */
export class CloudRead {
  readonly #driver: CloudDriver;
  readonly #given: CloudReadOptions;

  constructor(driver: CloudDriver, given: CloudReadOptions) {
    this.#driver = driver;
    this.#given = given;
  }

  async open(): Promise<ObjectReader | undefined> {
    const { range, ifMatch } = this.#given.options;
    const isNoEtag = ifMatch !== undefined && !this.#driver.isEtag(ifMatch);
    const isEmpty = range !== undefined && ('suffix' in range ? range.suffix : range.length) === 0;
    if (isNoEtag || isEmpty) return this.#openNothing();
    try {
      const opened = await this.#request();
      return opened === undefined ? undefined : this.#reader(opened);
    } catch (error) {
      if (StorageError.isInstance(error, 'range-not-satisfiable')) return this.#openNothing();
      throw error;
    }
  }

  #request(): Promise<OpenedObject | undefined> {
    const { runner, context, name, options } = this.#given;
    const { range, ifMatch, version, signal } = options;
    const isOther = options.ifNoneMatch !== undefined && this.#driver.isEtag(options.ifNoneMatch);
    const ifNoneMatch = isOther ? options.ifNoneMatch : undefined;
    return runner.run(context, { signal }, (attempt) =>
      this.#driver.open(name, { range, ifMatch, ifNoneMatch, version, signal: attempt }),
    );
  }

  /** Answers from what is known of the object: backends cannot spell a range without bytes. */
  async #openNothing(): Promise<ObjectReader | undefined> {
    const { runner, context, name, options } = this.#given;
    const { range, ifMatch, ifNoneMatch, version } = options;
    const object = await runner.run(context, { signal: options.signal }, (signal) =>
      this.#driver.head(name, { version, signal }),
    );
    if (object === undefined) return undefined;
    if (ifMatch !== undefined && ifMatch !== object.etag)
      throw new StorageError({ ...context, code: 'precondition-failed' });
    if (ifNoneMatch === object.etag) throw new StorageError({ ...context, code: 'not-modified' });
    const { offset, length } = resolveRange(range, object.sizeBytes, context);
    if (length > 0) {
      const message = `${context.backend} refused the range ${JSON.stringify(range)} of an object of ${object.sizeBytes} bytes.`;
      throw new StorageError({ ...context, code: 'unexpected', message, retry: 'temporary' });
    }
    return {
      info: this.#given.infoOf(object),
      range: { offset, length },
      body: nothing(),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  #reader(first: OpenedObject): ObjectReader {
    const { runner, context, options, idleMs } = this.#given;
    const { signal } = options;
    const { etag, version, sizeBytes } = first.object;
    const wanted = resolveRange(options.range, sizeBytes, context);
    let open = this.#narrowed(first, wanted);
    const reopen = async (offset: number, length: number): Promise<OpenedObject | undefined> => {
      const state = { range: { offset, length }, ifMatch: etag, version };
      const again = await runner.run(context, { signal }, (attempt) =>
        this.#driver.open(this.#given.name, { ...state, signal: attempt }),
      );
      if (again === undefined) return undefined;
      open = this.#narrowed(again, { offset, length });
      if (again.object.sizeBytes !== sizeBytes || again.object.etag !== etag) throw this.#changed(open);
      return open;
    };
    return {
      info: this.#given.infoOf(first.object),
      range: wanted,
      body: resumableBody(open, { runner, context, signal, idleMs, reopen }),
      [Symbol.asyncDispose]: async () => open.close(),
    };
  }

  /** Holds an answer to what was asked for: a longer one is cut, any other one refused. */
  #narrowed(opened: OpenedObject, wanted: ResolvedRange): OpenedObject {
    const { offset, length } = opened.range;
    if (offset === wanted.offset && length === wanted.length) return opened;
    if (offset <= wanted.offset && offset + length >= wanted.offset + wanted.length)
      return narrowBody(opened, wanted);
    opened.close();
    throw new StorageError({
      ...this.#given.context,
      code: 'unexpected',
      message: `${this.#given.context.backend} answered with bytes ${offset} to ${offset + length} where ${wanted.offset} to ${wanted.offset + wanted.length} were asked for.`,
      hint: 'Look for a proxy between here and the store that changes what passes.',
    });
  }

  #changed(opened: OpenedObject): StorageError {
    opened.close();
    const message = 'The object was replaced while it was read.';
    return new StorageError({ ...this.#given.context, code: 'precondition-failed', message });
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
