import { type Digest, type ModelStorageInfo, shortDigest } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { copyStateAfter } from '../copies/copy-trouble.ts';
import { infoOfLocation } from '../copies/info-of-location.ts';
import { backupError } from './backup-error.ts';
import type { BackupObject } from './backup-object.ts';

export interface BackupObjectReaderOptions extends Cancellable {
  readonly storage: StorageService;
  /** The versions that need a digest. */
  readonly affected: (digest: Digest) => Promise<readonly string[]>;
}

/** Reads the objects of a registry wherever a good copy of them lies. */
export class BackupObjectReader {
  readonly #options: BackupObjectReaderOptions;

  constructor(options: BackupObjectReaderOptions) {
    this.#options = options;
  }

  /**
   * The bytes of an object, verified at their end.
   *
   * @throws StorageError `checksum-mismatch`, `size-mismatch`, `corrupt` or `not-found`, with the versions that need it.
   */
  async *read(object: BackupObject): AsyncIterable<Uint8Array> {
    const { storage, signal } = this.#options;
    try {
      yield* storage.read(await this.#choose(object), { signal });
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw await this.#damaged(object, error);
    }
  }

  /** Why an object cannot be read as it was stored; `undefined` when it can. Reads all of it. */
  async whyDamaged(object: BackupObject): Promise<string | undefined> {
    try {
      for await (const _ of this.read(object));
      return undefined;
    } catch (error) {
      if (isDamage(error)) return causeOf(error).message;
      throw error;
    }
  }

  /** Of several copies the first that is whole: what was handed on cannot be taken back. */
  async #choose(object: BackupObject): Promise<ModelStorageInfo> {
    const places = object.locations
      .filter(({ storeName }) => this.#options.storage.storeNames.includes(storeName))
      .toSorted((a, b) => Number(a.state === 'corrupt') - Number(b.state === 'corrupt'))
      .map((place) => this.#infoOf(object, place));
    const last = places.pop();
    if (last === undefined) throw backupError('not-found', whyUnknown(object), { key: object.digest });
    for (const place of places) {
      const given = { signal: this.#options.signal, hasAlternative: true };
      const isWhole = await this.#options.storage.verify(place, given).then(
        () => true,
        (error: unknown) => {
          if (copyStateAfter(error) !== undefined) return false;
          throw error;
        },
      );
      if (isWhole) return place;
    }
    return last;
  }

  #infoOf({ digest, sizeBytes }: BackupObject, place: BackupObject['locations'][number]): ModelStorageInfo {
    return infoOfLocation(this.#options.storage, { ...place, digest, sizeBytes });
  }

  async #damaged({ digest }: BackupObject, cause: StorageError): Promise<StorageError> {
    const versions = await this.#options.affected(digest);
    const who = versions.length === 0 ? 'A version' : versions.join(', ');
    return backupError(
      cause.code,
      `${who} ${versions.length === 1 ? 'needs' : 'need'} the object ${shortDigest(digest)}, which cannot be backed up: ${causeOf(cause).message}`,
      {
        key: digest,
        cause,
        hint: 'Put the same file again, which repairs it; --skip-damaged makes a backup without it that says so.',
      },
    );
  }
}

function whyUnknown({ locations }: BackupObject): string {
  const [first] = locations;
  return first === undefined
    ? 'No location of it is known.'
    : `The store ${first.storeName}, where it is stored, is not configured.`;
}

function causeOf(error: StorageError): Error {
  return error.operation === 'backup' && error.cause instanceof Error ? error.cause : error;
}

function isDamage(error: unknown): error is StorageError {
  const codes = ['checksum-mismatch', 'size-mismatch', 'corrupt', 'not-found'];
  return StorageError.isInstance(error) && codes.includes(error.code);
}
