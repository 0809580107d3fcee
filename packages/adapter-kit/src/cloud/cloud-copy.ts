import { randomUUID } from 'node:crypto';
import { type CopyOptions, type OperationContext, StorageError } from '@holdfast/ports';
import type { CopySource, StoredObject, Upload, WrittenObject } from './cloud-driver.ts';
import { type CloudWriteTools, checkMode, defaultContentType, overflow } from './cloud-write.ts';
import { settleWrite } from './settle-write.ts';

/** What is to be copied where. */
export interface CopyOrder {
  readonly from: string;
  readonly to: string;
  readonly options: CopyOptions;
  readonly context: OperationContext;
}

const mostStates = 10;

/** One copy inside the store: of the state that was seen, under a description of its own. */
export class CloudCopy {
  readonly #tools: CloudWriteTools;
  readonly #order: CopyOrder;
  readonly #attemptId = randomUUID();

  constructor(tools: CloudWriteTools, order: CopyOrder) {
    this.#tools = tools;
    this.#order = order;
  }

  /** What the copy is, as it is stored. */
  async run(): Promise<StoredObject> {
    const { context, options } = this.#order;
    checkMode(options.mode ?? 'overwrite', this.#tools.driver, context);
    for (let states = 1; ; states++) {
      const source = await this.#look();
      try {
        return await this.#copy(source);
      } catch (error) {
        if (!isGone(error) || states === mostStates || !(await this.#hasChanged(source))) throw error;
      }
    }
  }

  async #look(): Promise<CopySource> {
    const { from, context } = this.#order;
    const object = await this.#head();
    if (object === undefined) throw new StorageError({ ...context, code: 'not-found' });
    return { name: from, object };
  }

  async #copy(source: CopySource): Promise<StoredObject> {
    const { driver, runner, clock } = this.#tools;
    const { context, options } = this.#order;
    const upload = this.#describe(source.object, clock.now());
    const { sizeBytes } = source.object;
    const { name, mode, contentType, metadata } = upload;
    const settle = (): Promise<WrittenObject | undefined> =>
      settleWrite(this.#tools, {
        name,
        mode,
        attemptId: this.#attemptId,
        sizeBytes,
        context,
        signal: options.signal,
      });
    const sentBytes = driver.sendsWholeObjects === true ? sizeBytes : sizeBytes / serverSideSpeedup;
    const run = { signal: options.signal, isCommit: true, sentBytes, settle };
    const written = await runner.run(context, run, (signal) =>
      driver.copy(source, upload, { signal, cancelled: options.signal }),
    );
    const lastModifiedMs = written.lastModifiedMs ?? clock.now();
    return { sizeBytes, ...written, contentType, metadata, lastModifiedMs };
  }

  #describe(source: StoredObject, writtenMs: number): Upload {
    const { to, options, context } = this.#order;
    const known = this.#tools.metadata.decode(source.metadata);
    const described = { ...known, metadata: options.metadata ?? known.metadata };
    const metadata = this.#tools.metadata.encode({ ...described, attemptId: this.#attemptId, writtenMs });
    if (metadata === undefined) throw overflow(context);
    return {
      name: to,
      mode: options.mode ?? 'overwrite',
      contentType: source.contentType ?? defaultContentType,
      metadata,
      checksum: known.checksum,
      sizeBytes: source.sizeBytes,
    };
  }

  async #hasChanged({ object }: CopySource): Promise<boolean> {
    return (await this.#head())?.etag !== object.etag;
  }

  #head(): Promise<StoredObject | undefined> {
    const { from, options, context } = this.#order;
    return this.#tools.runner.run(context, { signal: options.signal }, (signal) =>
      this.#tools.driver.head(from, { signal }),
    );
  }
}

/** A server copies by itself: time is allowed as if the bytes passed by, only much faster. */
const serverSideSpeedup = 64;

function isGone(error: unknown): boolean {
  return StorageError.isInstance(error, 'precondition-failed') || StorageError.isInstance(error, 'not-found');
}
