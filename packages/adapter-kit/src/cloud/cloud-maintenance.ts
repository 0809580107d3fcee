import {
  type CollectLeftoversOptions,
  type Leftover,
  type LeftoverReport,
  type OperationContext,
  type RebuildReport,
  type RecordDamage,
  StorageError,
  type StoreMaintenance,
} from '@holdfast/ports';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { CloudDriver, OpenUpload, OpenUploads } from './cloud-driver.ts';
import type { KeySpelling } from './key-spelling.ts';

/** What the upkeep of a bucket needs. */
export interface CloudMaintenanceOptions {
  readonly driver: CloudDriver;
  readonly runner: RequestRunner;
  readonly keys: KeySpelling;
  readonly context: OperationContext;
}

/** The upkeep of a bucket: uploads that were begun and never ended. Records are the server's own to keep. */
export class CloudMaintenance implements StoreMaintenance {
  readonly #given: CloudMaintenanceOptions;

  constructor(given: CloudMaintenanceOptions) {
    this.#given = given;
  }

  async collectLeftovers(options: CollectLeftoversOptions = {}): Promise<LeftoverReport> {
    const removed: Leftover[] = [];
    const kept: Leftover[] = [];
    for await (const upload of this.#openUploads(options)) {
      const key = this.#given.keys.keyOf(upload.name);
      if (key === undefined) continue;
      const found = { name: key, sizeBytes: upload.sizeBytes };
      const reason = upload.whyKept ?? (await (options.whyKept ?? unseen)(key));
      if (reason !== undefined) kept.push({ ...found, reason });
      else {
        if (options.isDryRun !== true) await this.#end(upload, options);
        removed.push({ ...found, reason: 'an upload that a save left open when it was killed' });
      }
    }
    return { removed, kept };
  }

  async *checkRecords(): AsyncGenerator<RecordDamage> {}

  async snapshot(): Promise<void> {}

  /** @throws StorageError `already-exists`: a server does not lose its records apart from its objects. */
  rebuild(): Promise<RebuildReport> {
    return Promise.reject(new StorageError({ ...this.#given.context, code: 'already-exists' }));
  }

  async *#openUploads({ signal }: CollectLeftoversOptions): AsyncGenerator<OpenUpload> {
    const { driver, runner, keys, context } = this.#given;
    let cursor: string | undefined;
    do {
      const from = cursor;
      const page: OpenUploads = await runner.run(
        context,
        { signal },
        async (attempt) =>
          (await driver.listUploads?.({ prefix: keys.beginningOf(''), cursor: from, signal: attempt })) ?? {
            uploads: [],
          },
      );
      yield* page.uploads;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  async #end(upload: OpenUpload, { signal }: CollectLeftoversOptions): Promise<void> {
    const { driver, runner, context } = this.#given;
    await runner.run(context, { signal }, async (attempt) => driver.endUpload?.(upload, { signal: attempt }));
  }
}

const unseen = async (): Promise<string> =>
  'whether its writer is still running is not known here: run holdfast gc where the registry of the store is';
