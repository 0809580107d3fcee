import type { ModelStorageInfo, ObjectLocation } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { infoOfLocation } from '../copies/info-of-location.ts';
import { VerifiedState } from './verified-object.ts';

/** What reading and hashing an object has shown. */
export interface Examination {
  readonly state: VerifiedState;
  readonly reason?: string;
}

export interface ExamineOptions extends Cancellable {
  /** Told how many bytes more have been read. */
  readonly onBytes?: (bytes: number) => void;
}

const damageCodes: readonly string[] = ['checksum-mismatch', 'size-mismatch', 'corrupt'];

/** Reads objects and compares them with what is registered of them. */
export class ObjectExaminer {
  readonly #storage: StorageService;

  constructor(storage: StorageService) {
    this.#storage = storage;
  }

  /**
   * Reads and hashes what lies at a location.
   *
   * @throws StorageError what keeps the store from being read now, such as `unavailable` that may
   *   pass, and `cancelled`.
   */
  async examine(location: ObjectLocation, options: ExamineOptions = {}): Promise<Examination> {
    const { signal, onBytes } = options;
    let told = 0;
    try {
      await this.#storage.verify(this.infoOf(location), {
        signal,
        onProgress: ({ bytes }) => {
          onBytes?.(bytes - told);
          told = bytes;
        },
      });
      return { state: VerifiedState.Intact };
    } catch (error) {
      const state = stateAfter(error);
      if (state === undefined) throw error;
      return { state, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /**
   * How storage is asked for what lies at a location.
   *
   * @throws StorageError `invalid-configuration` when there is no such store.
   */
  infoOf(location: ObjectLocation): ModelStorageInfo {
    return infoOfLocation(this.#storage, location);
  }
}

/** What a failure says about the object; `undefined` when it says nothing. */
export function stateAfter(error: unknown): VerifiedState | undefined {
  if (!StorageError.isInstance(error)) return undefined;
  if (error.code === 'not-found') return VerifiedState.Missing;
  if (error.code === 'invalid-configuration') return VerifiedState.Unreadable;
  // A disk that fails on this object may give the others.
  if (error.code === 'unavailable' && error.retry === 'never') return VerifiedState.Unreadable;
  return damageCodes.includes(error.code) ? VerifiedState.Damaged : undefined;
}
