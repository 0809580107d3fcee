import { randomUUID } from 'node:crypto';
import type { Digest } from '@holdfast/domain';
import {
  type ByteSource,
  type OperationContext,
  type PutOptions,
  StorageError,
  type WriteMode,
  knownSizeBytes,
} from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import { type Measured, MeteredSource } from '../metered-source.ts';
import { type CutPart, cutIntoParts } from '../requests/cut-into-parts.ts';
import { PartBuffers } from '../requests/part-buffers.ts';
import type { RequestClock } from '../requests/request-clock.ts';
import type { RequestRunner } from '../requests/request-runner.ts';
import { sendParts } from '../requests/send-parts.ts';
import type { CloudDriver, Upload, WrittenObject } from './cloud-driver.ts';
import type { PartPlan } from './part-plan.ts';
import { settleWrite } from './settle-write.ts';
import { type StoredMetadata, metadataOverflowHint } from './stored-metadata.ts';

/** What writing needs. */
export interface CloudWriteTools {
  readonly driver: CloudDriver;
  readonly runner: RequestRunner;
  readonly plan: PartPlan;
  readonly metadata: StoredMetadata;
  readonly clock: RequestClock;
  readonly conditions: {
    /** Refuses a condition that the server does not decide for uploads in parts. */
    readonly requireInParts: (mode: WriteMode, context: OperationContext) => void;
  };
  /** Keeps track of what ends by itself after an operation has failed. */
  readonly cleanUp: (work: () => Promise<void>) => Promise<void>;
}

/** What is to be written where. */
export interface WriteOrder {
  readonly name: string;
  readonly body: ByteSource;
  readonly options: PutOptions;
  readonly context: OperationContext;
}

/** What a write made and what is known of it. */
export interface FinishedWrite {
  readonly written: WrittenObject;
  readonly sizeBytes: number;
  readonly checksum: Digest | undefined;
  readonly contentType: string;
  readonly writtenMs: number;
}

/** Without another one. */
export const defaultContentType = 'application/octet-stream';

/**
 * One put: in one request where the bytes fit into one part, else in parts. Bytes are held in memory until they
 * are taken, so whatever the source, every request can be sent again.
 */
export class CloudWrite {
  readonly #tools: CloudWriteTools;
  readonly #order: WriteOrder;
  readonly #buffers = new PartBuffers();
  readonly #stopped = new AbortController();
  readonly #attemptId = randomUUID();
  readonly #writtenMs: number;
  readonly #source: MeteredSource;

  constructor(tools: CloudWriteTools, order: WriteOrder) {
    this.#tools = tools;
    this.#order = order;
    this.#writtenMs = tools.clock.now();
    const { body, options, context } = order;
    this.#source = new MeteredSource(body, { ...options, signal: this.#sourceSignal() }, context);
  }

  async run(): Promise<FinishedWrite> {
    this.#checkDescription();
    const whole = this.#wholeBody;
    if (whole !== undefined) return this.#sendWhole(whole, this.#source.takeWhole(whole));
    const parts = cutIntoParts(this.#source, {
      buffers: this.#buffers,
      partSizeBytes: (number) => this.#tools.plan.partSizeBytes(number, this.#sizeBytes, this.#order.context),
    });
    try {
      const first = await parts.next();
      if (first.done === true) throw new RangeError('A source gave not even an empty part.');
      return first.value.isLast
        ? await this.#sendWhole(first.value.buffer.bytes, this.#source.finish())
        : await this.#sendParts(first.value, parts);
    } catch (error) {
      this.#stopped.abort();
      throw error;
    } finally {
      await parts.return(undefined);
    }
  }

  /** Bytes of one part that are all here at once: nothing is to be cut, and nothing to be stopped while they are awaited. */
  get #wholeBody(): Uint8Array | undefined {
    const { body } = this.#order;
    return body instanceof Uint8Array && body.byteLength <= this.#tools.plan.wholeSizeBytes
      ? body
      : undefined;
  }

  #sourceSignal(): AbortSignal | undefined {
    const { signal } = this.#order.options;
    if (this.#wholeBody !== undefined) return signal;
    return joinSignals(this.#stopped.signal, signal);
  }

  /** Refuses before a byte is taken what cannot be described; the fields of our own always fit. */
  #checkDescription(): void {
    const { options, context } = this.#order;
    checkMode(options.mode ?? 'overwrite', this.#tools.driver, context);
    if (Object.keys(options.metadata ?? {}).length > 0) this.#describe(options.checksum ?? placeholderDigest);
  }

  get #sizeBytes(): number | undefined {
    return this.#order.options.sizeBytes ?? knownSizeBytes(this.#order.body);
  }

  async #sendWhole(bytes: Uint8Array, measured: Measured): Promise<FinishedWrite> {
    const { driver } = this.#tools;
    const upload = this.#describe(measured.digest, measured.sizeBytes);
    const written = await this.#commit(upload, bytes.byteLength, (signal) =>
      driver.putWhole(upload, bytes, { signal, cancelled: this.#order.options.signal }),
    );
    return this.#finished(written, upload, measured);
  }

  async #sendParts(first: CutPart, rest: AsyncGenerator<CutPart>): Promise<FinishedWrite> {
    const { driver, runner } = this.#tools;
    const { context, options } = this.#order;
    this.#tools.conditions.requireInParts(options.mode ?? 'overwrite', context);
    const upload = this.#describe(options.checksum, this.#sizeBytes);
    const uploadId = await runner.run(context, { signal: options.signal }, (signal) =>
      driver.beginParts(upload, { signal }),
    );
    try {
      const receipts = await this.#sendAll(upload, uploadId, startingWith(first, rest));
      const measured = this.#source.finish();
      const finished = { uploadId, receipts, sizeBytes: measured.sizeBytes };
      const described =
        driver.describesAtEnd === true ? this.#describe(measured.digest, measured.sizeBytes) : upload;
      const sentBytes = driver.sendsWholeObjects === true ? measured.sizeBytes : 0;
      const written = await this.#commit(
        { ...described, sizeBytes: measured.sizeBytes },
        sentBytes,
        (signal) => driver.completeParts(described, finished, { signal, cancelled: options.signal }),
      );
      return this.#finished(written, described, measured);
    } catch (error) {
      await this.#tools.cleanUp(() =>
        runner.run(context, {}, (signal) => driver.abortParts(upload, uploadId, { signal })),
      );
      throw error;
    }
  }

  #sendAll(upload: Upload, uploadId: string, parts: AsyncGenerator<CutPart>): Promise<readonly string[]> {
    const { driver, runner, plan } = this.#tools;
    const stopped = new AbortController();
    const { signal } = this.#order.options;
    const watched = joinSignals(stopped.signal, signal);
    return sendParts(parts, {
      partsAtOnce: ({ buffer }) =>
        Math.min(
          plan.partsAtOnce(buffer.memory.byteLength),
          driver.maximumPartsAtOnce ?? Number.MAX_SAFE_INTEGER,
        ),
      send: ({ number, offset, buffer, isLast }) => {
        const part = { uploadId, number, offset, bytes: buffer.bytes, isLast };
        const options = { signal: watched, sentBytes: part.bytes.byteLength };
        return runner.run(this.#order.context, options, (attempt) =>
          driver.putPart(upload, part, { signal: attempt }),
        );
      },
      release: ({ buffer }) => this.#buffers.give(buffer),
      stop: () => {
        stopped.abort();
        this.#stopped.abort();
      },
    });
  }

  #commit(
    upload: Upload,
    sentBytes: number,
    send: (signal: AbortSignal) => Promise<WrittenObject>,
  ): Promise<WrittenObject> {
    const { runner } = this.#tools;
    const { context, options } = this.#order;
    const settle = (): Promise<WrittenObject | undefined> =>
      settleWrite(this.#tools, {
        name: upload.name,
        mode: upload.mode,
        attemptId: this.#attemptId,
        sizeBytes: upload.sizeBytes,
        context,
        signal: options.signal,
      });
    return runner.run(context, { signal: options.signal, isCommit: true, sentBytes, settle }, send);
  }

  #describe(checksum: Digest | undefined, sizeBytes?: number): Upload {
    const { name, options, context } = this.#order;
    const { mode = 'overwrite', contentType = defaultContentType, metadata = {} } = options;
    checkMode(mode, this.#tools.driver, context);
    const stored = this.#tools.metadata.encode({
      metadata,
      attemptId: this.#attemptId,
      checksum,
      writtenMs: this.#writtenMs,
    });
    if (stored === undefined) throw overflow(context);
    return { name, mode, contentType, metadata: stored, checksum, sizeBytes };
  }

  #finished(written: WrittenObject, upload: Upload, measured: Measured): FinishedWrite {
    const { contentType, checksum } = upload;
    const writtenMs = written.lastModifiedMs ?? this.#writtenMs;
    return { written, sizeBytes: measured.sizeBytes, checksum, contentType, writtenMs };
  }
}

/** As long as any. */
const placeholderDigest = `sha256:${'0'.repeat(64)}` as Digest;

/** @throws StorageError `invalid-argument` */
export function overflow(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'invalid-argument',
    message: `The metadata is more than ${context.backend} keeps with an object.`,
    hint: metadataOverflowHint,
  });
}

/** An etag that is none here names no state; sent, it might mean something else. */
export function checkMode(mode: WriteMode, driver: CloudDriver, context: OperationContext): void {
  if (typeof mode === 'string' || driver.isEtag(mode.ifMatch)) return;
  throw new StorageError({ ...context, code: 'precondition-failed' });
}

async function* startingWith(first: CutPart, rest: AsyncGenerator<CutPart>): AsyncGenerator<CutPart> {
  yield first;
  yield* rest;
}
