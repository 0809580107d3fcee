import { setTimeout as delay } from 'node:timers/promises';
import { FilesystemStorageAdapter, type FilesystemStorageAdapterOptions } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import type {
  ByteSource,
  DeleteOptions,
  DeleteResult,
  DeleteTarget,
  HeadOptions,
  LateKey,
  ObjectInfo,
  PutOptions,
} from '@holdfast/ports';

/**
 * Stops for a moment where a saver or a collector is most vulnerable: between lease and put, put and publication,
 * look and deletion.
 */
export class PausingAdapter extends FilesystemStorageAdapter {
  readonly #longestPauseMs: number;

  constructor(options: FilesystemStorageAdapterOptions & { readonly longestPauseMs: number }) {
    super(options);
    this.#longestPauseMs = options.longestPauseMs;
  }

  override async put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const late: ObjectKey | LateKey =
      typeof key === 'string'
        ? key
        : async (digest, sizeBytes) => {
            const known = await key(digest, sizeBytes);
            await this.#pause();
            return known;
          };
    try {
      return await super.put(late, body, options);
    } finally {
      await this.#pause();
    }
  }

  override async head(key: ObjectKey, options?: HeadOptions): Promise<ObjectInfo | undefined> {
    const info = await super.head(key, options);
    await this.#pause();
    return info;
  }

  override async delete(
    targets: readonly DeleteTarget[],
    options?: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    await this.#pause();
    return super.delete(targets, options);
  }

  async #pause(): Promise<void> {
    await delay(Math.random() * this.#longestPauseMs);
  }
}
