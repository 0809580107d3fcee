import { type ObjectKey, parseObjectKey, parseUserKey } from '@holdfast/domain';
import { type Cancellable, StorageError, type StorageErrorDetails, type WriteMode } from '@holdfast/ports';
import type { StorageService } from '../storage-service.ts';
import { type CopiedObject, copyObject } from './copy-object.ts';
import { type MirrorOptions, type MirroredObject, mirrorStore } from './mirror-store.ts';

/** An object by the name of its store. */
export interface StoredPlace {
  /** @default the default store */
  readonly store?: string;
  readonly key: string;
}

export interface TransferOptions extends Cancellable {
  /** Under which condition the target is written. @default 'overwrite' */
  readonly mode?: WriteMode | undefined;
  /** Whether content type and metadata go with the bytes. @default 'keep' */
  readonly metadata?: 'keep' | 'drop' | undefined;
  /** Told how many bytes have been sent so far. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Brings objects from any store into any other: streaming, in bounded memory, held to their digests on the way.
 * What a target cannot keep is refused, unless it is dropped on purpose.
 */
export class TransferService {
  readonly #storage: StorageService;

  constructor({ storage }: { readonly storage: StorageService }) {
    this.#storage = storage;
  }

  /**
   * Copies one object; inside one store that is the store's own copy.
   *
   * @throws InvalidValueError when the target's key cannot be, or is reserved for the store itself.
   * @throws StorageError `not-found` without the source; `checksum-mismatch` or `corrupt` when it is damaged;
   *   `already-exists` or `precondition-failed` by the mode; `unsupported` when the target cannot keep its metadata.
   */
  copy(from: StoredPlace, to: StoredPlace, options: TransferOptions = {}): Promise<CopiedObject> {
    const { metadata = 'keep', ...others } = options;
    return copyObject(this.#find(from, parseObjectKey), this.#find(to), { ...others, metadata });
  }

  /**
   * Copies one object and then deletes the state that was copied. When somebody replaced it meanwhile, the newer one
   * stays and the move fails with `precondition-failed`; the copy stays too.
   *
   * @throws InvalidValueError when one of the keys cannot be, or is reserved for the store itself.
   * @throws StorageError as {@link TransferService.copy} does; `unsupported` where the source's backend cannot delete
   *   conditionally; `invalid-argument` when both places are one.
   */
  async move(from: StoredPlace, to: StoredPlace, options: TransferOptions = {}): Promise<CopiedObject> {
    const [source, target] = [this.#find(from), this.#find(to)];
    if (source.adapter === target.adapter && source.key === target.key)
      throw refused(source, { code: 'invalid-argument', message: 'An object cannot be moved onto itself.' });
    if (!source.adapter.capabilities.deleteIfMatch) {
      throw refused(source, {
        code: 'unsupported',
        message: 'This backend cannot delete just the state that was copied.',
        hint: 'Copy the object, and delete it when it is not being written.',
      });
    }
    const copied = await this.copy(from, to, options);
    const [result] = await source.adapter.delete([{ key: source.key, ifMatch: copied.source.etag }]);
    if (result !== undefined && 'error' in result) throw result.error;
    return copied;
  }

  /**
   * Brings every object of a store into another one and tells of each what became of it, in no order. Objects that are
   * there are not sent again; nothing is deleted; keys that are reserved for a store itself are passed over; after an interruption the next call goes on. Bytes decide whether an
   * object is sent: other metadata alone does not count.
   *
   * @throws StorageError `invalid-argument` when both are one store; any that concerns a store as a whole, such as
   *   `unavailable` or `quota-exceeded`.
   */
  mirror(from: string, to: string, options: MirrorOptions = {}): AsyncIterable<MirroredObject> {
    const ends = { from: this.#storage.adapter(from), to: this.#storage.adapter(to) };
    if (ends.from === ends.to)
      throw refused(
        { adapter: ends.to },
        { code: 'invalid-argument', message: 'A store cannot be mirrored into itself.' },
      );
    return mirrorStore(ends, options);
  }

  #find({ store, key }: StoredPlace, parse: (key: string) => ObjectKey = parseUserKey): Place {
    return { adapter: this.#storage.adapter(store), key: parse(key) };
  }
}

interface Place {
  readonly adapter: ReturnType<StorageService['adapter']>;
  readonly key: ObjectKey;
}

function refused(
  { adapter, key }: Pick<Place, 'adapter'> & Partial<Place>,
  details: Pick<StorageErrorDetails, 'code' | 'message' | 'hint'>,
): StorageError {
  return new StorageError({
    ...details,
    operation: 'transfer',
    backend: adapter.backend,
    key,
  });
}
