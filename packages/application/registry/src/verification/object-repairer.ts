import {
  type Digest,
  type ObjectKey,
  type ObjectLocation,
  type RegistryStore,
  utcTimestamp,
  contentKey,
} from '@holdfast/domain';
import {
  type Cancellable,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import { assertAccepting } from '../retirement/assert-accepting.ts';
import type { ObjectExaminer } from './object-examiner.ts';
import { type Repair, VerifiedState } from './verified-object.ts';

export interface ObjectRepairerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly examiner: ObjectExaminer;
  readonly now: () => number;
  /** The store that good bytes are taken from. */
  readonly source: string;
}

/**
 * Replaces objects that are not intact by the same bytes from another store.
 *
 * The bytes are hashed while they are copied, and what is damaged stays where it is until they are committed. It is
 * replaced only in the state in which it was found, and read again afterwards: that alone decides.
 */
export class ObjectRepairer {
  readonly #options: ObjectRepairerOptions;

  constructor(options: ObjectRepairerOptions) {
    this.#options = options;
  }

  /**
   * Repairs what lies at a location.
   *
   * @throws StorageError `cancelled`; whatever else goes wrong is told as the reason.
   */
  async repair(broken: ObjectLocation, options: Cancellable): Promise<Repair> {
    const { source, examiner, registry, now } = this.#options;
    return this.#tell(async () => {
      if (broken.storeName === source) return `it is ${source} itself that is damaged`;
      const good = await this.#findSource(broken.digest, options);
      if (good === undefined) return `${source} does not hold it`;
      await this.#replace(broken, good, options);
      const { state, reason } = await examiner.examine(broken, options);
      if (state !== VerifiedState.Intact) return `it is still ${state}: ${reason}`;
      await registry.repositories.objects.noteVerified([broken], utcTimestamp(now()));
      return undefined;
    });
  }

  /**
   * Registers the object of the source for a digest that nobody could find, once it was read and hashed.
   *
   * @throws StorageError `cancelled`; whatever else goes wrong is told as the reason.
   */
  async locate(digest: Digest, options: Cancellable): Promise<Repair> {
    const { source, examiner, registry, now } = this.#options;
    return this.#tell(async () => {
      const good = await this.#findSource(digest, options);
      if (good === undefined) return `${source} does not hold it`;
      const { state, reason } = await examiner.examine(good, options);
      if (state !== VerifiedState.Intact) return `in ${source} it is ${state}: ${reason}`;
      await registry.unitOfWork(async ({ objects }) => {
        await assertAccepting(objects, [source]);
        const isNeeded = (await objects.findOwners(digest)).length > 0;
        const isLost = (await objects.findLocations(digest)).length === 0;
        if (isNeeded && isLost) await objects.putLocation({ ...good, verifiedAt: utcTimestamp(now()) });
      });
      return undefined;
    });
  }

  /** Tells why something is not to be repaired. */
  refuse(reason: string): Repair {
    return { source: this.#options.source, isRepaired: false, reason };
  }

  async #tell(work: () => Promise<string | undefined>): Promise<Repair> {
    const { source } = this.#options;
    try {
      const reason = await work();
      return reason === undefined ? { source, isRepaired: true } : this.refuse(reason);
    } catch (error) {
      if (!StorageError.isInstance(error) || error.code === 'cancelled') throw error;
      return this.refuse(error.message);
    }
  }

  /** Where the source holds a digest, as far as it can be told without reading it. */
  async #findSource(digest: Digest, { signal }: Cancellable): Promise<ObjectLocation | undefined> {
    const { registry, storage, source, now } = this.#options;
    const known = (await registry.repositories.objects.findLocations(digest)).find(
      ({ storeName }) => storeName === source,
    );
    const key = known?.key ?? contentKey(digest);
    const info = await storage.adapter(source).head(key as ObjectKey, { signal });
    if (info === undefined) return undefined;
    const { sizeBytes } = info;
    const verifiedAt = utcTimestamp(now());
    return { digest, storeName: source, key, sizeBytes, verifiedAt, state: 'verified' };
  }

  async #replace(broken: ObjectLocation, good: ObjectLocation, { signal }: Cancellable): Promise<void> {
    const { storage, examiner } = this.#options;
    const adapter = storage.adapter(broken.storeName);
    const { digest: checksum, sizeBytes } = broken;
    const from = examiner.infoOf({ ...good, sizeBytes });
    const bytes = { open: () => storage.read(from, { signal }), sizeBytes };
    const origin = await storage.adapter(good.storeName).head(good.key as ObjectKey, { signal });
    const { contentType, metadata } = origin ?? { contentType: undefined, metadata: {} };
    const description = {
      ...(contentType === undefined || !adapter.capabilities.contentType ? {} : { contentType }),
      ...(adapter.capabilities.userMetadata ? { metadata } : {}),
    };
    const put = (mode: WriteMode): Promise<ObjectInfo> =>
      adapter.put(broken.key as ObjectKey, bytes, { ...description, mode, sizeBytes, checksum, signal });
    try {
      await put(await this.#modeFor(adapter, broken, { signal }));
    } catch (error) {
      // Somebody was faster: what lies there now is examined next.
      if (StorageError.isInstance(error, 'precondition-failed')) return;
      if (StorageError.isInstance(error, 'already-exists')) return;
      // The record is damaged, so that no condition on it can be decided.
      if (!StorageError.isInstance(error, 'corrupt') || !isUnderDigest(broken)) throw error;
      await put('overwrite');
    }
  }

  /** Under which condition a location is written anew: that nobody has changed it since it was found damaged. */
  async #modeFor(adapter: StorageAdapter, broken: ObjectLocation, options: Cancellable): Promise<WriteMode> {
    const { createIfAbsent, replaceIfMatch } = adapter.capabilities;
    const present = await stateOf(adapter, broken.key as ObjectKey, options);
    if (present === undefined && createIfAbsent) return 'create';
    if (present !== undefined && replaceIfMatch) return { ifMatch: present.etag };
    if (isUnderDigest(broken)) return 'overwrite';
    throw new StorageError({
      code: 'unsupported',
      operation: 'repair',
      backend: adapter.backend,
      key: broken.key,
      message: `The store ${broken.storeName} cannot replace an object on condition that it was not written meanwhile.`,
    });
  }
}

/** Only these bytes belong under the key of their digest, so that whoever writes there writes them. */
function isUnderDigest({ digest, key }: ObjectLocation): boolean {
  return key === contentKey(digest);
}

/** What a store knows of an object, also when its bytes are lost. */
async function stateOf(
  adapter: StorageAdapter,
  key: ObjectKey,
  { signal }: Cancellable,
): Promise<ObjectInfo | undefined> {
  try {
    return await adapter.head(key, { signal });
  } catch (error) {
    if (!StorageError.isInstance(error, 'corrupt')) throw error;
  }
  for await (const { objects } of adapter.list({ prefix: key, pageSize: 1, signal })) {
    return objects.find((info) => info.key === key);
  }
  return undefined;
}
