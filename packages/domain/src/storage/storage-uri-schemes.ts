import { InvalidValueError } from '../invalid-value-error.ts';
import { StorageBackend, isStorageBackend, parseStorageBackend } from './storage-backend.ts';

const standardSchemes: ReadonlyMap<StorageBackend, string> = new Map<StorageBackend, string>([
  [StorageBackend.LocalFilesystem, 'file'],
  [StorageBackend.AwsS3, 's3'],
  [StorageBackend.AzureBlob, 'az'],
  [StorageBackend.GcpStorage, 'gs'],
  [StorageBackend.Mlflow, 'mlflow-artifacts'],
  [StorageBackend.HuggingfaceHub, 'hf'],
  [StorageBackend.Database, 'db'],
  [StorageBackend.Redis, 'redis'],
  [StorageBackend.Memory, 'memory'],
]);

const schemePattern = /^[a-z][a-z0-9+.-]*$/;

/**
 * Which URI scheme stands for which backend. Immutable: {@link StorageUriSchemes.with} makes a new one.
 *
 * A backend from outside (`x-acme-tape`) is its own scheme until another is registered for it.
 */
export class StorageUriSchemes {
  /** `file`, `s3`, `az`, `gs`, `mlflow-artifacts`, `hf`, `db`, `redis`, `memory`. */
  static readonly standard: StorageUriSchemes = new StorageUriSchemes(standardSchemes);

  readonly #byBackend: ReadonlyMap<StorageBackend, string>;

  private constructor(byBackend: ReadonlyMap<StorageBackend, string>) {
    this.#byBackend = byBackend;
  }

  /**
   * Adds a scheme for a backend from outside this repository.
   *
   * @throws InvalidValueError when the backend or the scheme has one already, or is malformed.
   */
  with(backend: StorageBackend, scheme: string): StorageUriSchemes {
    parseStorageBackend(backend);
    if (!schemePattern.test(scheme)) {
      throw new InvalidValueError({ field: 'scheme', value: scheme, reason: 'is not a URI scheme' });
    }
    if (this.#byBackend.has(backend) || this.backendOf(scheme) !== undefined) {
      throw new InvalidValueError({
        field: 'scheme',
        value: scheme,
        reason: `is taken, or ${backend} has one`,
      });
    }
    return new StorageUriSchemes(new Map([...this.#byBackend, [backend, scheme]]));
  }

  /** The scheme of a backend, without the colon. */
  schemeOf(backend: StorageBackend): string {
    return this.#byBackend.get(backend) ?? backend;
  }

  /** The backend that a scheme stands for, or `undefined`. */
  backendOf(scheme: string): StorageBackend | undefined {
    for (const [backend, registered] of this.#byBackend) {
      if (registered === scheme) return backend;
    }
    const isOwnName = scheme.startsWith('x-') && isStorageBackend(scheme) && !this.#byBackend.has(scheme);
    return isOwnName ? scheme : undefined;
  }
}
