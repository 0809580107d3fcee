import type { ModelStorageInfo, RegistryStore } from '@holdfast/domain';
import type { WriteFileOptions } from '@holdfast/files';
import { type Cancellable, type OperationContext, StorageError, throwIfCancelled } from '@holdfast/ports';
import {
  type LoadOptions,
  type OnProgress,
  type StorageService,
  damagedObject,
  verifiedBody,
} from '@holdfast/storage';
import { StorePresence } from '../store-presence.ts';
import { FindingRecorder } from '../verification/finding-recorder.ts';
import { CopyFinder } from './copy-finder.ts';
import { CopyQueue, type CopyTurn, type ObjectCopy } from './copy-queue.ts';
import { CopyState, type CopyTrouble, copyStateAfter } from './copy-trouble.ts';
import { FirstByteLimit } from './first-byte-limit.ts';

export interface ObjectCopiesOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a store that was found down is tried last. @default for good */
  readonly downForMs?: number | undefined;
}

/** How an object is read from its copies. */
export interface LoadCopyOptions extends LoadOptions {
  /** Only the copy in this store. @default every store that has one, the default store first */
  readonly store?: string | undefined;
  /** Called, once the bytes were read, for each store whose copy could not be used. */
  readonly onTrouble?: ((trouble: CopyTrouble) => void) | undefined;
}

/** How far a stream has come, and whose bytes it has given. */
interface Delivery {
  bytes: number;
  readonly givers: Set<ObjectCopy>;
  last: ObjectCopy | undefined;
}

interface Reading {
  readonly options: LoadCopyOptions;
  readonly delivery: Delivery;
}

/**
 * Reads objects from whichever of their copies is good. Where they are stored is asked of the registry by digest, for
 * each object. A copy that is damaged when it is read twice is recorded as damaged: the next save of the same bytes
 * repairs it.
 */
export class ObjectCopies {
  readonly #options: ObjectCopiesOptions;
  readonly #finder: CopyFinder;
  readonly #presence: StorePresence;
  readonly #recorder: FindingRecorder;
  readonly #downSinceMs = new Map<string, number>();

  constructor(options: ObjectCopiesOptions) {
    this.#options = options;
    this.#finder = new CopyFinder(options);
    this.#presence = new StorePresence(options);
    this.#recorder = new FindingRecorder(options.registry, options.now);
  }

  /**
   * Loads a whole object, verified, into memory of its own.
   *
   * @throws StorageError as `StorageService.load` does, when no copy can be read.
   */
  load(info: ModelStorageInfo, options: LoadCopyOptions = {}): Promise<Uint8Array> {
    return this.#whole(info, options, (copy, given) => this.#options.storage.load(copy, given));
  }

  /**
   * Writes a whole object to a file, verified before it takes its place; with another copy it begins again.
   *
   * @throws StorageError as `StorageService.load` does, when no copy can be read; the system's error for the file.
   */
  loadToFile(
    info: ModelStorageInfo,
    path: string,
    options: LoadCopyOptions & WriteFileOptions = {},
  ): Promise<void> {
    return this.#whole(info, options, (copy, given) =>
      this.#options.storage.loadToFile(copy, path, { ...options, ...given }),
    );
  }

  /**
   * Reads a whole object chunk by chunk, verified at its end. What was handed on cannot be taken back: another copy goes
   * on at the same offset, and when the whole is not as it was saved, a copy is blamed only if all bytes were its own.
   *
   * @throws StorageError as `StorageService.load` does, when no copy can be read.
   */
  async *read(info: ModelStorageInfo, options: LoadCopyOptions = {}): AsyncIterable<Uint8Array> {
    const queue = await this.#queueOf(info, options);
    const delivery: Delivery = { bytes: 0, givers: new Set(), last: undefined };
    try {
      yield* verifiedBody(this.#joined(queue, info, { options, delivery }), info);
    } catch (error) {
      const isOfAll = error !== queue.failure && copyStateAfter(error) === CopyState.Damaged;
      throw isOfAll ? await this.#blamed(queue, error as StorageError, { options, delivery }) : error;
    }
    tellTroubles(queue, delivery.last, options);
  }

  async #whole<T>(
    info: ModelStorageInfo,
    options: LoadCopyOptions,
    work: (copy: ModelStorageInfo, options: LoadOptions) => Promise<T>,
  ): Promise<T> {
    const queue = await this.#queueOf(info, options);
    for (let turn = queue.next(); turn !== undefined; turn = queue.next()) {
      const { copy, hasAlternative } = turn;
      using limit = new FirstByteLimit(contextOf(copy), { signal: options.signal, hasAlternative });
      const onProgress: OnProgress = (progress) => {
        limit.arrived();
        options.onProgress?.(progress);
      };
      try {
        const value = await work(copy.info, { signal: limit.signal, hasAlternative, onProgress });
        tellTroubles(queue, copy, options);
        return value;
      } catch (error) {
        await this.#judge(queue, turn, { error: limit.meaningOf(error), options });
      }
    }
    throw queue.failure;
  }

  /** The bytes of one copy after another, each going on where the one before stopped. */
  async *#joined(
    queue: CopyQueue,
    info: ModelStorageInfo,
    { options, delivery }: Reading,
  ): AsyncIterable<Uint8Array> {
    const { signal } = options;
    for (let turn = queue.next(); turn !== undefined; turn = queue.next()) {
      const { copy, hasAlternative } = turn;
      using limit = new FirstByteLimit(contextOf(copy), { signal, hasAlternative });
      try {
        const given = { signal: limit.signal, hasAlternative };
        delivery.last = copy;
        for await (const chunk of this.#options.storage.readFrom(copy.info, delivery.bytes, given)) {
          limit.arrived();
          throwIfCancelled(signal, contextOf(copy));
          delivery.givers.add(copy);
          yield chunk;
          delivery.bytes += chunk.byteLength;
          options.onProgress?.({ phase: 'read', bytes: delivery.bytes, totalBytes: info.sizeBytes });
        }
        if (delivery.bytes >= info.sizeBytes) return;
        throw damagedObject(info, 'size-mismatch', `${delivery.bytes} of the ${info.sizeBytes} bytes`);
      } catch (error) {
        await this.#judge(queue, turn, { error: limit.meaningOf(error), options });
      }
    }
    throw queue.failure;
  }

  async #queueOf(info: ModelStorageInfo, options: LoadCopyOptions): Promise<CopyQueue> {
    const { copies, outOfReach } = await this.#finder.find(info, options);
    const queue = new CopyQueue({ copies, isDown: (storeName) => this.#isDown(storeName) });
    for (const location of outOfReach)
      queue.note(location, `The store ${location.storeName} is not configured.`);
    return queue;
  }

  /** @throws the error, when it says nothing about the copy: another one would not help. */
  async #judge(
    queue: CopyQueue,
    turn: CopyTurn,
    { error, options: { signal } }: { readonly error: unknown; readonly options: Cancellable },
  ): Promise<void> {
    const state = copyStateAfter(error);
    if (state === undefined || signal?.aborted === true) throw error;
    const { location } = turn.copy;
    if (state === CopyState.Unreachable) {
      this.#noteDown(location.storeName);
      return queue.give(turn, state, error as StorageError);
    }
    if (queue.readAgain(turn)) return;
    const gone =
      state === CopyState.Missing ? await this.#whyGone(location.storeName, { signal }) : undefined;
    if (gone !== undefined) {
      this.#noteDown(location.storeName);
      return queue.give(turn, CopyState.Gone, gone);
    }
    if (location.state !== 'corrupt') await this.#recorder.recordDamage(location);
    queue.give(turn, state, error as StorageError);
  }

  /** A store that cannot even be listed holds nothing that could be missing. */
  async #whyGone(storeName: string, options: Cancellable): Promise<StorageError | undefined> {
    try {
      return await this.#presence.whyGone(storeName, options);
    } catch (error) {
      if (copyStateAfter(error) === undefined) throw error;
      return error as StorageError;
    }
  }

  /** The error for bytes that were handed on and are not the saved ones. Whose they were is read a second time. */
  async #blamed(
    queue: CopyQueue,
    error: StorageError,
    { options: { signal }, delivery }: Reading,
  ): Promise<StorageError> {
    const [giver, another] = delivery.givers;
    if (giver === undefined) return error;
    if (another !== undefined) {
      return withHint(
        error,
        'The bytes came from several copies: holdfast verify finds which one is damaged.',
      );
    }
    const second = await this.#options.storage
      .verify(giver.info, { signal })
      .then(() => undefined, copyStateAfter);
    if (second === CopyState.Damaged || second === CopyState.Missing)
      await this.#recorder.recordDamage(giver.location);
    const next = queue.next()?.copy.location.storeName;
    return next === undefined
      ? error
      : withHint(error, `Read it again: the copy in ${next} is tried first then.`);
  }

  #isDown(storeName: string): boolean {
    const { now, downForMs = Number.POSITIVE_INFINITY } = this.#options;
    const sinceMs = this.#downSinceMs.get(storeName);
    return sinceMs !== undefined && now() - sinceMs < downForMs;
  }

  #noteDown(storeName: string): void {
    this.#downSinceMs.set(storeName, this.#options.now());
  }
}

function contextOf({ info }: ObjectCopy): OperationContext {
  return { operation: 'load', backend: info.storageBackend, key: info.storagePath };
}

function withHint(
  { code, operation, backend, key, message, cause }: StorageError,
  hint: string,
): StorageError {
  return new StorageError({ code, operation, backend, key, message, hint, cause });
}

function tellTroubles(
  { troubles }: CopyQueue,
  used: ObjectCopy | undefined,
  { onTrouble }: LoadCopyOptions,
): void {
  if (used === undefined) return;
  const readFrom = used.location.storeName;
  for (const trouble of troubles) if (trouble.storeName !== readFrom) onTrouble?.({ ...trouble, readFrom });
}
