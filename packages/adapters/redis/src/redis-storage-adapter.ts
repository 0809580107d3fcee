import { randomUUID } from 'node:crypto';
import {
  AbstractStorageAdapter,
  CleanUps,
  RequestRunner,
  maximumPageSize,
  withinTotal,
  assertOptions,
} from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend, parseObjectKey, utcTimestamp } from '@holdfast/domain';
import {
  type ByteSource,
  type Cancellable,
  type CheckOptions,
  type CopyOptions,
  type DeleteOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type HeadOptions,
  type LateKey,
  type ListOptions,
  type ListPage,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  type PutOptions,
  type StorageCapabilities,
  StorageError,
  type StorageSpace,
  type TransactionOperation,
  type TransactionOptions,
  throwIfCancelled,
} from '@holdfast/ports';
import { forEachAtOnce } from '@holdfast/work';
import { checkServer } from './check-server.ts';
import { ChunkReader } from './chunk-reader.ts';
import { commitSteps } from './commit-steps.ts';
import { RedisConnections } from './connection/redis-connections.ts';
import { copyInRedis } from './copy-in-redis.ts';
import { listRedis } from './list-redis.ts';
import { memorySpace } from './memory-space.ts';
import { redisCapabilities } from './redis-capabilities.ts';
import type { RedisStorageOptions } from './redis-storage-options.ts';
import { resolveRedisOptions } from './resolve-redis-options.ts';
import { ServerFacts } from './server-facts.ts';
import { type StagedBody, stageBody } from './stage-body.ts';
import { type StoreTools, chunkBytes } from './store-tools.ts';
import type { CommitStep } from './store/commit-step.ts';
import { RedisStore } from './store/redis-store.ts';
import { redisFailureOf, toStorageError } from './to-storage-error.ts';

const deletesAtOnce = 32;

/**
 * Objects in Redis: on one server, or in a cluster, where all of a store lies with the node that has its slot. Conditions
 * and transactions are decided by the server in one piece. Nothing is loaded and nobody is asked before the first
 * operation.
 */
export class RedisStorageAdapter extends AbstractStorageAdapter {
  override readonly backend: StorageBackend = StorageBackend.Redis;
  override readonly capabilities: StorageCapabilities;
  readonly #tools: StoreTools;
  readonly #connections: RedisConnections;
  readonly #facts: ServerFacts;

  /** @throws StorageError `invalid-configuration` naming the field. */
  constructor(given: RedisStorageOptions) {
    super();
    assertOptions(given, {
      backend: StorageBackend.Redis,
      example: "new RedisStorageAdapter({ url: 'redis://127.0.0.1:6379' })",
    });
    const options = resolveRedisOptions(given);
    this.capabilities = redisCapabilities(options.maximumSizeBytes);
    this.#connections = new RedisConnections(options);
    this.#tools = {
      options,
      store: new RedisStore(this.#connections, options),
      runner: new RequestRunner({
        configuration: options,
        clock: options.clock,
        failureOf: redisFailureOf,
      }),
      cleanUps: new CleanUps(options.clock),
    };
    this.#facts = new ServerFacts(this.#tools);
  }

  protected override putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    given: PutOptions,
  ): Promise<ObjectInfo> {
    const context = this.#context('put', typeof key === 'string' ? key : undefined);
    return this.#within(given, context, async (options) => {
      await this.#facts.requireDurable(context, options);
      const staged = await stageBody(this.#tools, { body, options, context });
      return this.#committing([staged], async () => {
        const known = typeof key === 'string' ? key : await key(staged.digest, staged.sizeBytes);
        const step = this.#putStep(known, staged, options);
        throwIfCancelled(options.signal, context);
        await commitSteps(this.#tools, [step], {
          context: { ...context, key: known },
          signal: options.signal,
        });
        return step.info;
      });
    });
  }

  protected override async getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const context = this.#context('get', key);
    const { runner, store } = this.#tools;
    const run = { signal: options.signal, isRepeatable: options.hasAlternative !== true };
    const record = await runner.run(context, run, (signal) => store.open(key, context, signal));
    if (record === undefined) return undefined;
    const { ifMatch, ifNoneMatch } = options;
    const { etag } = record.info;
    if (ifMatch !== undefined && ifMatch !== etag) {
      throw new StorageError({ ...context, code: 'precondition-failed' });
    }
    if (ifNoneMatch === etag) throw new StorageError({ ...context, code: 'not-modified' });
    return new ChunkReader(this.#tools, record, { options, context });
  }

  protected override headObject(key: ObjectKey, given: HeadOptions): Promise<ObjectInfo | undefined> {
    const context = this.#context('head', key);
    const { runner, store } = this.#tools;
    return this.#within(given, context, async (options) => {
      const record = await runner.run(context, { signal: options.signal }, (signal) =>
        store.head(key, context, signal),
      );
      return record?.info;
    });
  }

  protected override deleteObjects(
    targets: readonly DeleteTarget[],
    given: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    return this.#within(given, this.#context('delete'), async ({ signal }) => {
      const results: DeleteResult[] = [];
      await forEachAtOnce(
        targets,
        async (target, index) => {
          results[index] = await this.#deleteOne(target, signal);
        },
        { atOnce: deletesAtOnce },
      );
      return results;
    });
  }

  protected override listPages(options: ListOptions): AsyncIterable<ListPage> {
    const context = this.#context('list');
    return listRedis(this.#tools, { ...options, pageSize: options.pageSize ?? maximumPageSize }, context);
  }

  protected override copyObject(from: ObjectKey, to: ObjectKey, given: CopyOptions): Promise<ObjectInfo> {
    const context = this.#context('copy', from);
    return this.#within(given, context, async (options) => {
      await this.#facts.requireDurable(context, options);
      return copyInRedis(this.#tools, { from, to, etag: randomUUID(), options, context });
    });
  }

  protected override transact(
    operations: readonly TransactionOperation[],
    given: TransactionOptions,
  ): Promise<readonly ObjectInfo[]> {
    const context = this.#context('transaction');
    return this.#within(given, context, async ({ signal }) => {
      await this.#facts.requireDurable(context, { signal });
      const staged: StagedBody[] = [];
      return this.#committing(staged, async () => {
        const steps: CommitStep[] = [];
        for (const operation of operations) {
          const { kind, key } = operation;
          if (kind === 'delete') {
            steps.push({ kind, key, ifMatch: operation.ifMatch, mayBeAbsent: false });
            continue;
          }
          const options = { ...operation.options, signal };
          const order = { body: operation.body, options, context: { ...context, key } };
          const body = await stageBody(this.#tools, order);
          staged.push(body);
          steps.push(this.#putStep(key, body, options));
        }
        throwIfCancelled(signal, context);
        await commitSteps(this.#tools, steps, { context, signal });
        return steps.flatMap((step) => (step.kind === 'put' ? [step.info] : []));
      });
    });
  }

  protected override checkStore({ write = false, timeoutMs = 5_000, signal }: CheckOptions): Promise<void> {
    const context = this.#context('check');
    const limits = { totalMs: timeoutMs, options: { signal }, context };
    return withinTotal(limits, async (options) => {
      const run = { signal: options.signal, isRepeatable: false, answerWithinMs: timeoutMs };
      checkServer(await this.#facts.ask(context, run), this.#tools.options);
      if (write) await this.#writeProbe(options.signal);
    });
  }

  protected override measureSpace({ signal }: Cancellable): Promise<StorageSpace | undefined> {
    const context = this.#context('space');
    return this.#within({ signal }, context, async (options) =>
      memorySpace(await this.#facts.ask(context, { signal: options.signal })),
    );
  }

  protected override async close(): Promise<void> {
    await this.#tools.cleanUps.end();
    await this.#connections.close();
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    return toStorageError(error, context);
  }

  #putStep(
    key: ObjectKey,
    { bytes, digest, sizeBytes }: StagedBody,
    { mode = 'overwrite', contentType, metadata = {} }: PutOptions,
  ): CommitStep & { readonly kind: 'put' } {
    const info: ObjectInfo = {
      key,
      sizeBytes,
      etag: randomUUID(),
      checksum: digest,
      ...(contentType === undefined ? {} : { contentType }),
      metadata: { ...metadata },
      lastModified: utcTimestamp(this.#tools.options.clock.now()),
    };
    return { kind: 'put', key, mode, info, bytes, chunkBytes };
  }

  async #deleteOne({ key, ifMatch }: DeleteTarget, signal: AbortSignal | undefined): Promise<DeleteResult> {
    const context = this.#context('delete', key);
    try {
      throwIfCancelled(signal, context);
      const step = { kind: 'delete', key, ifMatch, mayBeAbsent: true } as const;
      const [result] = await commitSteps(this.#tools, [step], { context, signal });
      return { key, outcome: result === 'deleted' ? 'deleted' : 'absent' };
    } catch (error) {
      const failure = toStorageError(error, context);
      if (failure.code === 'cancelled') throw failure;
      return { key, error: failure };
    }
  }

  /** Runs the last part of a write. What it does not commit goes. */
  async #committing<T>(staged: readonly StagedBody[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await Promise.all(staged.flatMap(({ chunks }) => chunks?.discard() ?? []));
      throw error;
    } finally {
      for (const { chunks } of staged) chunks?.[Symbol.dispose]();
    }
  }

  async #writeProbe(signal: AbortSignal | undefined): Promise<void> {
    const key = parseObjectKey(`.holdfast-check-${randomUUID()}`);
    const context = this.#context('check', key);
    const body = await stageBody(this.#tools, { body: new Uint8Array(1), options: { signal }, context });
    try {
      await commitSteps(this.#tools, [this.#putStep(key, body, {})], { context, signal });
    } finally {
      const step = { kind: 'delete', key, ifMatch: undefined, mayBeAbsent: true } as const;
      await commitSteps(this.#tools, [step], { context, signal: undefined });
    }
  }

  #within<T, O extends { readonly signal?: AbortSignal | undefined }>(
    options: O,
    context: OperationContext,
    work: (options: O) => Promise<T>,
  ): Promise<T> {
    const { totalMs } = this.#tools.options.timeouts;
    return withinTotal({ totalMs, options, context }, work);
  }

  #context(operation: string, key?: string): OperationContext {
    return { operation, backend: this.backend, key };
  }
}
