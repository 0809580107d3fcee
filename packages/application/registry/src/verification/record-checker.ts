import { type Digest, type RegistryStore, digestOfContentKey } from '@holdfast/domain';
import type { Cancellable, RecordDamage } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import type { FindingRecorder } from './finding-recorder.ts';
import type { FindingReporter } from './finding-reporter.ts';
import { stateAfter } from './object-examiner.ts';
import { type VerifiedObject, VerifiedState } from './verified-object.ts';

export interface RecordCheckerOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly recorder: FindingRecorder;
  readonly reporter: FindingReporter;
}

/** Checks what stores keep about their objects, where an adapter can. */
export class RecordChecker {
  readonly #options: RecordCheckerOptions;

  constructor(options: RecordCheckerOptions) {
    this.#options = options;
  }

  /**
   * Tells the damage of a store's records. That of an object that is registered as corrupt was told before,
   * when the object was looked at.
   */
  async *check(storeName: string, options: Cancellable): AsyncIterable<VerifiedObject> {
    const { maintenance } = this.#options.storage.adapter(storeName);
    if (maintenance === undefined) return;
    try {
      for await (const damage of maintenance.checkRecords({ signal: options.signal })) {
        const finding = await this.#judge(storeName, damage, options);
        if (finding !== undefined) yield finding;
      }
    } catch (error) {
      const state = stateAfter(error);
      if (state === undefined || !(error instanceof Error)) throw error;
      yield ofStore(storeName, state, error.message);
    }
  }

  async #judge(
    storeName: string,
    { key, reason }: RecordDamage,
    options: Cancellable,
  ): Promise<VerifiedObject | undefined> {
    if (key === undefined) return ofStore(storeName, VerifiedState.Damaged, reason);
    const digest = digestOfContentKey(key);
    const place = digest === undefined ? undefined : await this.#placeOf(digest, storeName);
    if (place?.state === 'corrupt') return undefined;
    const { recorder, reporter } = this.#options;
    if (place?.key === key) {
      const registered = await recorder.recordDamage(place);
      return registered === undefined
        ? undefined
        : reporter.report(registered, { state: VerifiedState.Damaged, reason }, options);
    }
    return {
      state: VerifiedState.Damaged,
      ...(digest === undefined ? {} : { digest }),
      storeName,
      key,
      sizeBytes: 0,
      reason,
      affected: digest === undefined ? [] : await reporter.affected(digest, options),
      copies: [],
    };
  }

  async #placeOf(digest: Digest, storeName: string) {
    const places = await this.#options.registry.repositories.objects.findLocations(digest);
    return places.find((place) => place.storeName === storeName);
  }
}

function ofStore(storeName: string, state: VerifiedState, reason: string): VerifiedObject {
  return { state, storeName, sizeBytes: 0, reason, affected: [], copies: [] };
}
