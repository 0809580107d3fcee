import type { Digest, SerializationFormat } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { OnProgress } from './transfer-progress.ts';

/** How bytes are saved. */
export interface SaveOptions extends Cancellable {
  /** The configured store. @default the service's default store */
  readonly store?: string | undefined;
  /** How the bytes are to be read. @default found out from the bytes; `binary` when they are broken or cannot be read back */
  readonly format?: SerializationFormat | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** The exact length; another one is `size-mismatch`. */
  readonly sizeBytes?: number | undefined;
  /** What the bytes must hash to; anything else is `checksum-mismatch`. */
  readonly checksum?: Digest | undefined;
  /**
   * A key of your own, in the place of the content's digest. Such an object is replaced by the next save,
   * takes no part in deduplication, and is never collected.
   */
  readonly key?: string | undefined;
  /** Whether the stored bytes of a digest are known to be damaged: they are written again then. */
  readonly isDamaged?: (digest: Digest) => Promise<boolean>;
  /** Awaited as soon as the digest is known and before anything relies on the object. */
  readonly onDigest?: (digest: Digest) => Promise<void>;
  readonly onProgress?: OnProgress | undefined;
}
