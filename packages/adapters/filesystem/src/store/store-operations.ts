import { randomUUID } from 'node:crypto';
import { type ObjectKey, StorageBackend, digestHex } from '@holdfast/domain';
import {
  type ByteSource,
  type CopyOptions,
  type DeleteResult,
  type DeleteTarget,
  type LateKey,
  type ObjectInfo,
  type OperationContext,
  type PutOptions,
  StorageError,
  throwIfCancelled,
  type TransactionOperation,
  type WriteMode,
} from '@holdfast/ports';
import type { ObjectIndex } from './object-index.ts';
import { type ObjectDescription, type ObjectRecord, digestOf, toObjectInfo } from './object-record.ts';
import type { ObjectStore } from './object-store.ts';
import { type StagedBody, stageBody } from './stage-body.ts';
import { decideDelete, decideDeleteStrictly, decideWrite } from './write-condition.ts';

/** A body with everything that its record needs. */
interface PreparedPut {
  readonly key: ObjectKey;
  readonly body: StagedBody;
  readonly mode: WriteMode | undefined;
  readonly description: ObjectDescription;
}

const backend = StorageBackend.LocalFilesystem;

/** The writing half of the store: bodies first, then, in one transaction, what they mean. */
export class StoreOperations {
  readonly #store: ObjectStore;
  readonly #inlineLimitBytes: number;

  constructor(store: ObjectStore, options: { readonly inlineLimitBytes: number }) {
    this.#store = store;
    this.#inlineLimitBytes = options.inlineLimitBytes;
  }

  async put(key: ObjectKey | LateKey, source: ByteSource, options: PutOptions): Promise<ObjectInfo> {
    const context: OperationContext = {
      operation: 'put',
      backend,
      key: typeof key === 'string' ? key : undefined,
    };
    const body = await this.#stage(source, options, context);
    return this.#keepOrDiscard([body], async () => {
      const known = typeof key === 'string' ? key : await key(body.digest, body.sizeBytes);
      throwIfCancelled(options.signal, context);
      const prepared: PreparedPut = { key: known, body, mode: options.mode, description: options };
      const [info] = await this.#commit([prepared], [], context.operation);
      return info as ObjectInfo;
    });
  }

  async copy(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    const { body, source } = await this.#stageCopy(from);
    return this.#keepOrDiscard([body], async () => {
      throwIfCancelled(options.signal, { operation: 'copy', backend, key: from });
      const { contentType, metadata } = toObjectInfo(source);
      const description = { contentType, metadata: options.metadata ?? metadata };
      const [info] = await this.#commit([{ key: to, body, mode: options.mode, description }], [], 'copy');
      return info as ObjectInfo;
    });
  }

  async delete(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]> {
    const { index, writer, unused } = this.#store;
    const removed = await writer.write(() => targets.map((target) => tryToRemove(index, target)));
    await unused.release(removed.map(({ dataId }) => dataId));
    return removed.map(({ result }) => result);
  }

  async transact(
    operations: readonly TransactionOperation[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ObjectInfo[]> {
    const context: OperationContext = { operation: 'transaction', backend };
    const bodies: StagedBody[] = [];
    const puts: PreparedPut[] = [];
    return this.#keepOrDiscard(bodies, async () => {
      for (const operation of operations) {
        if (operation.kind !== 'put') continue;
        const put = { ...operation.options, signal };
        const body = await this.#stage(operation.body, put, { ...context, key: operation.key });
        bodies.push(body);
        puts.push({ key: operation.key, body, mode: put.mode, description: put });
      }
      throwIfCancelled(signal, context);
      const deletes = operations.filter((operation) => operation.kind === 'delete');
      return this.#commit(puts, deletes, context.operation);
    });
  }

  /** Moves an inline body into a data file, so that it has a path; the object stays the same. */
  async giveFile(key: ObjectKey): Promise<string | undefined> {
    const { index, writer, data } = this.#store;
    const found = index.findWithBody(key);
    if (found === undefined) return undefined;
    if (found.record.dataId !== null || found.body === undefined)
      return data.pathOf(found.record.dataId ?? '');
    const file = await data.stage(once(found.body));
    const isMoved = await writer.write(() => {
      if (index.find(key)?.etag !== found.record.etag) return false;
      index.remove(key);
      index.insert({ ...found.record, dataId: file.dataId }, undefined);
      return true;
    });
    await (isMoved ? file.keep() : file.discard());
    return isMoved ? data.pathOf(file.dataId) : this.giveFile(key);
  }

  #stage(source: ByteSource, put: PutOptions, context: OperationContext): Promise<StagedBody> {
    return stageBody(this.#store.data, source, { put, context, inlineLimitBytes: this.#inlineLimitBytes });
  }

  async #stageCopy(from: ObjectKey): Promise<{ readonly body: StagedBody; readonly source: ObjectRecord }> {
    const { index, data } = this.#store;
    const found = index.findWithBody(from);
    if (found === undefined) {
      throw new StorageError({ code: 'not-found', operation: 'copy', backend, key: from });
    }
    const { record, body } = found;
    const measured = { digest: digestOf(record), sizeBytes: record.sizeBytes };
    if (record.dataId === null)
      return { source: record, body: { ...measured, inline: body, file: undefined } };
    return {
      source: record,
      body: { ...measured, inline: undefined, file: await data.stageCopy(record.dataId) },
    };
  }

  /** Writes all records, or none: every condition is decided before the first change. */
  async #commit(
    puts: readonly PreparedPut[],
    deletes: readonly DeleteTarget[],
    operation: string,
  ): Promise<readonly ObjectInfo[]> {
    const { index, writer, unused } = this.#store;
    const { infos, dataIds } = await writer.write(() => {
      for (const target of deletes)
        decideDeleteStrictly(index, target, { operation, backend, key: target.key });
      for (const put of puts) this.#decide(put, { operation, backend, key: put.key });
      const removed = deletes.map((target) => remove(index, target.key));
      const applied = puts.map((put) => apply(index, put));
      return {
        infos: applied.map(({ info }) => info),
        dataIds: [...removed, ...applied.map(({ replaced }) => replaced)],
      };
    });
    await unused.release(dataIds);
    return infos;
  }

  #decide(put: PreparedPut, context: OperationContext): void {
    const { index, data } = this.#store;
    decideWrite(index, put.mode, context);
    if (put.body.file === undefined || data.has(put.body.file.dataId)) return;
    throw new StorageError({
      ...context,
      code: 'unavailable',
      retry: 'temporary',
      message: 'The written file was removed before its record was made.',
      hint: 'Something deletes files below the store. Put the object again.',
    });
  }

  async #keepOrDiscard<T>(bodies: readonly StagedBody[], commit: () => Promise<T>): Promise<T> {
    try {
      const result = await commit();
      for (const body of bodies) await body.file?.keep().catch(leaveToCollector);
      return result;
    } catch (error) {
      if (!StorageError.isInstance(error, 'indeterminate'))
        for (const body of bodies) await body.file?.discard();
      throw error;
    }
  }
}

/** Writes a record; answers also the data file that it replaced. */
function apply(
  index: ObjectIndex,
  { key, body, description }: PreparedPut,
): { readonly info: ObjectInfo; readonly replaced: string | undefined } {
  const replaced = remove(index, key);
  const record: ObjectRecord = {
    key,
    etag: randomUUID(),
    sizeBytes: body.sizeBytes,
    sha256: digestHex(body.digest),
    contentType: description.contentType ?? null,
    metadata: JSON.stringify(description.metadata ?? {}),
    modifiedMs: Date.now(),
    dataId: body.file?.dataId ?? null,
  };
  index.insert(record, body.inline);
  return { info: toObjectInfo(record), replaced };
}

/** Removes a record and answers its data file; that of a damaged record is left to the collector. */
function remove(index: ObjectIndex, key: string): string | undefined {
  const present = index.peek(key);
  if (present === undefined) return undefined;
  index.remove(key);
  return present.isIntact ? (present.record.dataId ?? undefined) : undefined;
}

function tryToRemove(
  index: ObjectIndex,
  target: DeleteTarget,
): { readonly result: DeleteResult; readonly dataId: string | undefined } {
  const { key } = target;
  try {
    decideDelete(index, target, { operation: 'delete', backend, key });
  } catch (error) {
    if (!StorageError.isInstance(error)) throw error;
    return { result: { key, error }, dataId: undefined };
  }
  if (index.peek(key) === undefined) return { result: { key, outcome: 'absent' }, dataId: undefined };
  return { result: { key, outcome: 'deleted' }, dataId: remove(index, key) };
}

/** The write is done; a file that could not be tidied away harms nobody, and the collector takes it later. */
function leaveToCollector(): void {}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
