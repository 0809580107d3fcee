import {
  type ByteRange,
  type GetOptions,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  StorageError,
} from '@holdfast/ports';
import type { RequestRunner } from '../requests/request-runner.ts';
import { resolveRange } from '../resolve-range.ts';
import type { CloudDriver, OpenedObject, StoredObject } from './cloud-driver.ts';
import { ObjectBody, type ReadParts } from './object-body.ts';

/** What reading needs. */
export interface CloudReadOptions {
  readonly runner: RequestRunner;
  readonly idleMs: number;
  readonly parts: ReadParts;
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
    const { ifMatch, version, signal, hasAlternative = false } = options;
    const range = this.#firstRange();
    const isOther = options.ifNoneMatch !== undefined && this.#driver.isEtag(options.ifNoneMatch);
    const ifNoneMatch = isOther ? options.ifNoneMatch : undefined;
    return runner.run(context, { signal, isRepeatable: !hasAlternative }, (attempt) =>
      this.#driver.open(name, { range, ifMatch, ifNoneMatch, version, signal: attempt }),
    );
  }

  /** Answers from what is known of the object: backends cannot spell a range without bytes. */
  async #openNothing(): Promise<ObjectReader | undefined> {
    const { runner, context, name, options } = this.#given;
    const { range, ifMatch, ifNoneMatch, version, hasAlternative = false } = options;
    const run = { signal: options.signal, isRepeatable: !hasAlternative };
    const object = await runner.run(context, run, (signal) => this.#driver.head(name, { version, signal }));
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
    const range = resolveRange(this.#given.options.range, first.object.sizeBytes, this.#given.context);
    const body = new ObjectBody(first, range, {
      ...this.#given,
      open: (options) => this.#driver.open(this.#given.name, options),
    });
    return {
      info: this.#given.infoOf(first.object),
      range,
      body: body.chunks(),
      [Symbol.asyncDispose]: async () => body.close(),
    };
  }

  /**
   * What is asked for first. Of an object that never changes it is the first part: how long it is stands in the
   * answer. Whatever may be replaced is read by one request, whose answer belongs to one state.
   */
  #firstRange(): ByteRange | undefined {
    const { parts, options } = this.#given;
    const { range = { offset: 0 }, isImmutable = false } = options;
    const isOne = !this.#driver.capabilities.ranges || parts.atOnce === 1 || 'suffix' in range;
    if (!isImmutable || isOne || (range.length ?? Number.POSITIVE_INFINITY) <= parts.sizeBytes)
      return options.range;
    return { offset: range.offset, length: parts.sizeBytes };
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
