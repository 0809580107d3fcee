import type { ObjectLocation, RegistryStore } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { StorePresence } from '../store-presence.ts';
import type { Examination, ExamineOptions, ObjectExaminer } from './object-examiner.ts';
import { type VerifiedObject, VerifiedState } from './verified-object.ts';

/** Failures that say something about a store rather than about one object of it. */
const outageCodes: readonly string[] = ['rate-limited', 'timeout', 'unauthenticated', 'unavailable'];

export interface StoreOutagesOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly examiner: ObjectExaminer;
}

/** The stores that turn out to be down or gone while their objects are looked at: the rest of them is passed over. */
export class StoreOutages {
  readonly #options: StoreOutagesOptions;
  readonly #presence: StorePresence;
  readonly #untold = new Map<string, VerifiedObject>();
  readonly #out = new Set<string>();
  readonly #present = new Set<string>();

  constructor(options: StoreOutagesOptions) {
    this.#options = options;
    this.#presence = new StorePresence(options);
  }

  /** What an object is like; `undefined` when its whole store cannot be read: {@link StoreOutages.take} reports that. */
  async examine(location: ObjectLocation, options: ExamineOptions): Promise<Examination | undefined> {
    const { storeName } = location;
    if (this.#out.has(storeName)) return undefined;
    try {
      const examination = await this.#options.examiner.examine(location, options);
      const isGone = examination.state === VerifiedState.Missing && (await this.isGone(storeName, options));
      return isGone ? undefined : examination;
    } catch (error) {
      if (options.signal?.aborted !== true && (await this.#noteFailure(storeName, error))) return undefined;
      throw error;
    }
  }

  /** Findings about a store, or that it cannot be read. */
  async *passing(storeName: string, findings: AsyncIterable<VerifiedObject>): AsyncIterable<VerifiedObject> {
    if (this.#out.has(storeName)) return;
    try {
      yield* findings;
    } catch (error) {
      if (!(await this.#noteFailure(storeName, error))) throw error;
      const finding = this.take(storeName);
      if (finding !== undefined) yield finding;
    }
  }

  /** What to report of a store, once. */
  take(storeName: string): VerifiedObject | undefined {
    const finding = this.#untold.get(storeName);
    this.#untold.delete(storeName);
    return finding;
  }

  /** Finds out, when an object is missing, whether all of its store is; asked of each store once. */
  async isGone(storeName: string, options: Cancellable): Promise<boolean> {
    if (this.#out.has(storeName)) return true;
    if (this.#present.has(storeName)) return false;
    const error = await this.#presence.whyGone(storeName, options);
    if (error === undefined) this.#present.add(storeName);
    else await this.#note(storeName, `${error.message} ${error.hint ?? ''}`.trimEnd());
    return error !== undefined;
  }

  /** Notes that a store is down; false when the failure says nothing about the store. */
  async #noteFailure(storeName: string, error: unknown): Promise<boolean> {
    if (!StorageError.isInstance(error) || !outageCodes.includes(error.code)) return false;
    await this.#note(storeName, error.message);
    return true;
  }

  async #note(storeName: string, why: string): Promise<void> {
    if (this.#out.has(storeName)) return;
    this.#out.add(storeName);
    const { count } = await this.#options.registry.repositories.objects.measureLocations({ storeName });
    const reason = `${why} Its ${count === 1 ? 'object was' : `${count} objects were`} not read.`;
    this.#untold.set(storeName, {
      state: VerifiedState.Unreadable,
      storeName,
      sizeBytes: 0,
      reason,
      affected: [],
      copies: [],
    });
  }
}
