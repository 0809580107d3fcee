import { randomUUID } from 'node:crypto';
import { type ObjectKey, type StorageBackend, parseObjectKey, utcTimestamp } from '@holdfast/domain';
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
  type PresignOptions,
  type PresignedRequest,
  type PutOptions,
  type StorageCapabilities,
  type StorageCondition,
  StorageError,
  type StoreMaintenance,
  orCancelled,
} from '@holdfast/ports';
import { AbstractStorageAdapter, maximumPageSize } from '../abstract-storage-adapter.ts';
import { CleanUps } from '../requests/clean-ups.ts';
import { type RequestClock, systemClock } from '../requests/request-clock.ts';
import { storageErrorOf } from '../requests/request-failure.ts';
import { RequestRunner } from '../requests/request-runner.ts';
import { withinTotal } from '../requests/within-total.ts';
import { checkAnswers } from './check-answers.ts';
import { checkExpiry } from './check-expiry.ts';
import { CloudCopy } from './cloud-copy.ts';
import type { CloudDriver, ListedObject } from './cloud-driver.ts';
import { CloudMaintenance } from './cloud-maintenance.ts';
import { CloudRead } from './cloud-read.ts';
import { CloudRemoval } from './cloud-removal.ts';
import type { ResolvedCloudConfiguration } from './cloud-storage-configuration.ts';
import { CloudWrite, type CloudWriteTools } from './cloud-write.ts';
import { DecidedConditions } from './decided-conditions.ts';
import { KeySpelling } from './key-spelling.ts';
import { listCloud } from './list-cloud.ts';
import { objectInfoOf } from './object-info-of.ts';
import { PartPlan } from './part-plan.ts';
import { StoredMetadata } from './stored-metadata.ts';

/** How a {@link CloudStorageAdapter} is made. */
export interface CloudStorageAdapterOptions {
  readonly driver: CloudDriver;
  readonly configuration: ResolvedCloudConfiguration;
  /** @default the machine's own */
  readonly clock?: RequestClock | undefined;
}

/**
 * What adapters of clouds do alike: spelled keys, one retry loop, timeouts, uploads in parts with bounded memory, reads
 * that resume, and writes whose outcome is known. A {@link CloudDriver} sends single requests.
 */
export abstract class CloudStorageAdapter extends AbstractStorageAdapter {
  override readonly backend: StorageBackend;
  protected override readonly place: string;
  readonly #declared: StorageCapabilities;
  readonly #conditions: DecidedConditions;
  readonly #driver: CloudDriver;
  readonly #configuration: ResolvedCloudConfiguration;
  readonly #keys: KeySpelling;
  readonly #runner: RequestRunner;
  readonly #tools: CloudWriteTools;
  readonly #cleanUps: CleanUps;

  protected constructor({ configuration, clock = systemClock, ...given }: CloudStorageAdapterOptions) {
    super();
    const driver = checkAnswers(given.driver);
    const plan = new PartPlan(driver.partLimits, configuration.transfer);
    const maximumSizeBytes = Math.min(
      plan.maximumSizeBytes,
      driver.capabilities.maximumSizeBytes ?? Number.MAX_SAFE_INTEGER,
    );
    this.backend = driver.backend;
    this.place = driver.place;
    this.#declared = { ...driver.capabilities, maximumSizeBytes };
    this.#driver = driver;
    this.#conditions = new DecidedConditions(driver);
    this.#configuration = configuration;
    this.#keys = new KeySpelling({
      prefix: configuration.prefix,
      maximumBytes: driver.maximumNameBytes,
      unspeakable: driver.unspeakable,
      guardsFinalDots: driver.guardsFinalDots ?? false,
      guardedFirst: driver.guardedFirst,
    });
    this.#runner = new RequestRunner({ configuration, clock, failureOf: driver.failureOf });
    this.#cleanUps = new CleanUps(clock);
    this.#tools = {
      driver,
      runner: this.#runner,
      plan,
      metadata: new StoredMetadata(driver.metadataSpelling),
      clock,
      conditions: this.#conditions,
      cleanUp: (work) => this.#cleanUps.run(work),
    };
  }

  /** Only where the server keeps uploads that were begun and never ended. */
  get maintenance(): StoreMaintenance | undefined {
    const tools = { driver: this.#driver, runner: this.#runner, keys: this.#keys };
    return this.#driver.listUploads === undefined
      ? undefined
      : new CloudMaintenance({ ...tools, context: this.#context('collectLeftovers') });
  }

  override get capabilities(): StorageCapabilities {
    return this.#conditions.without(this.#declared);
  }

  proveConditions({ signal }: Cancellable = {}): Promise<readonly StorageCondition[]> {
    const key = probeKey();
    const context = this.#context('check', key);
    return this.guarded(context, signal, () => {
      const name = this.#keys.nameOf(key, context);
      const proof = this.#conditions.prove({ tools: this.#tools, name, context, signal });
      return orCancelled(proof, signal, context);
    });
  }

  protected override async putObject(
    key: ObjectKey | LateKey,
    body: ByteSource,
    given: PutOptions,
  ): Promise<ObjectInfo> {
    if (typeof key === 'function') throw new TypeError('A cloud needs the key before the bytes.');
    const context = this.#context('put', key);
    const name = this.#keys.nameOf(key, context);
    const { written, sizeBytes, checksum, contentType, writtenMs } = await this.#within(
      given,
      context,
      (options) => new CloudWrite(this.#tools, { name, body, options, context }).run(),
    );
    return {
      key,
      sizeBytes,
      etag: written.etag,
      ...(written.version === undefined || !this.capabilities.versions ? {} : { version: written.version }),
      ...(checksum === undefined || !this.capabilities.userMetadata ? {} : { checksum }),
      ...(this.capabilities.contentType ? { contentType } : {}),
      metadata: { ...given.metadata },
      lastModified: utcTimestamp(writtenMs),
    };
  }

  protected override getObject(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined> {
    const context = this.#context('get', key);
    const name = this.#keys.nameOf(key, context);
    return new CloudRead(this.#driver, {
      runner: this.#runner,
      idleMs: this.#configuration.timeouts.idleMs,
      parts: this.#tools.plan.readParts,
      context,
      name,
      options,
      infoOf: (object) => this.#infoOf(key, object),
    }).open();
  }

  protected override async headObject(key: ObjectKey, given: HeadOptions): Promise<ObjectInfo | undefined> {
    const context = this.#context('head', key);
    const name = this.#keys.nameOf(key, context);
    const object = await this.#within(given, context, ({ version, signal: limit }) =>
      this.#runner.run(context, { signal: limit }, (signal) => this.#driver.head(name, { version, signal })),
    );
    return object === undefined ? undefined : this.#infoOf(key, object);
  }

  protected override deleteObjects(
    targets: readonly DeleteTarget[],
    given: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    const named = targets.map((target) => ({
      ...target,
      name: this.#keys.nameOf(target.key, this.#context('delete', target.key)),
    }));
    const { poolSize } = this.#configuration;
    return this.#within(given, this.#context('delete'), ({ signal }) =>
      new CloudRemoval(this.#driver, { runner: this.#runner, poolSize, signal }).run(named),
    );
  }

  protected override listPages(options: ListOptions): AsyncIterable<ListPage> {
    return listCloud(this.#driver, {
      runner: this.#runner,
      keys: this.#keys,
      context: this.#context('list'),
      options: { ...options, pageSize: options.pageSize ?? maximumPageSize },
      infoOf: (key, object) => this.#infoOf(key, object),
    });
  }

  protected override async copyObject(
    from: ObjectKey,
    to: ObjectKey,
    given: CopyOptions,
  ): Promise<ObjectInfo> {
    const context = this.#context('copy', from);
    const names = {
      from: this.#keys.nameOf(from, context),
      to: this.#keys.nameOf(to, this.#context('copy', to)),
    };
    const copied = await this.#within(given, context, (options) =>
      new CloudCopy(this.#tools, { ...names, options, context }).run(),
    );
    return this.#infoOf(to, copied);
  }

  protected override async presignRequest(
    key: ObjectKey,
    options: PresignOptions,
  ): Promise<PresignedRequest> {
    const context = this.#context('presign', key);
    const { method, expiresInSeconds, contentType, checksum } = options;
    checkExpiry(expiresInSeconds, context);
    const name = this.#keys.nameOf(key, context);
    if (this.#driver.presign === undefined) return super.presignRequest(key, options);
    const signed = await this.#driver.presign(name, { method, expiresInSeconds, contentType, checksum });
    return { method, ...signed };
  }

  protected override async checkStore({
    write = false,
    timeoutMs = 5_000,
    signal,
  }: CheckOptions): Promise<void> {
    const context = this.#context('check');
    const run = { signal, isRepeatable: false, answerWithinMs: timeoutMs };
    await this.#runner.run(context, run, (attempt) => this.#driver.probe({ signal: attempt }));
    if (write) await this.#runner.run(context, run, (attempt) => this.#writeProbe(attempt));
  }

  protected override async close(): Promise<void> {
    await this.#cleanUps.end();
    await this.#driver.close();
  }

  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    if (StorageError.isInstance(error)) return error;
    const failure = this.#runner.meaningOf(error);
    if (failure !== undefined) {
      const retry = failure.isTemporary ? 'temporary' : 'never';
      return storageErrorOf(failure, context, { attempts: 1, retry, cause: error });
    }
    const message = `${context.operation} failed: ${error instanceof Error ? error.message : String(error)}`;
    return new StorageError({ ...context, code: 'unexpected', message, cause: error });
  }

  async #writeProbe(signal: AbortSignal): Promise<void> {
    const key = probeKey();
    const context = this.#context('check', key);
    const name = this.#keys.nameOf(key, context);
    try {
      await new CloudWrite(this.#tools, {
        name,
        body: new Uint8Array(1),
        options: { signal },
        context,
      }).run();
    } finally {
      await this.#driver.remove(name, { signal });
    }
  }

  #infoOf(key: ObjectKey, object: Omit<ListedObject, 'name'>): ObjectInfo {
    return objectInfoOf(key, object, { capabilities: this.capabilities, metadata: this.#tools.metadata });
  }

  #within<T, O extends { readonly signal?: AbortSignal | undefined }>(
    options: O,
    context: OperationContext,
    work: (options: O) => Promise<T>,
  ): Promise<T> {
    const { totalMs } = this.#configuration.timeouts;
    return withinTotal({ totalMs, options, context }, work);
  }

  #context(operation: string, key?: string): OperationContext {
    return { operation, backend: this.backend, key, place: this.place };
  }
}

function probeKey(): ObjectKey {
  return parseObjectKey(`.holdfast-check-${randomUUID()}`);
}
