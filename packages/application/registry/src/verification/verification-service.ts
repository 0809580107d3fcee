import {
  type ModelVersion,
  type RegistryStore,
  type UtcTimestamp,
  parseModelReference,
  utcTimestamp,
} from '@holdfast/domain';
import type { StorageService } from '@holdfast/storage';
import { findVersion } from '../find-version.ts';
import { type InterruptedRun, VerificationJournal, findInterruptedRun } from './verification-journal.ts';
import { VerificationRun } from './verification-run.ts';
import type { VerifiedObject } from './verified-object.ts';
import type { VerifyOptions } from './verify-options.ts';

export interface VerificationServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** A journal, and what it goes on with. */
interface Begun {
  readonly journal: VerificationJournal | undefined;
  readonly interrupted: InterruptedRun | undefined;
  readonly notVerifiedSince: UtcTimestamp | undefined;
}

/**
 * Re-reads and re-hashes what the registry relies on, checks the stores' own records,
 * and tells which versions are affected by damage.
 */
export class VerificationService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #now: () => number;

  constructor(options: VerificationServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Tells, in this order: digests that versions need and for which no place is registered; every registered object,
   * each once however many versions share it, whether it is intact; damage of the stores' records that was not told
   * with an object. Without a version, that is; with one, what it needs; with a store, only what is said to lie there. Memory grows with the damage alone.
   *
   * What it finds is kept: the next save of the same bytes repairs a damaged object.
   * An object that is removed meanwhile is passed over.
   *
   * @throws StorageError `not-found` when there is no such version, `invalid-configuration` when there is no such
   *   store, or none to repair from, `cancelled`; damage is an answer, not an error, and so is a store that is down or gone: the others are looked at.
   *   The system's own error when the journal cannot be written.
   */
  async *verify(options: VerifyOptions = {}): AsyncIterable<VerifiedObject> {
    for (const name of [options.store, options.repairFrom])
      if (name !== undefined) this.#storage.adapter(name);
    const version = await this.#findVersion(options);
    const { notVerifiedSince, interrupted, ...begun } = await this.#begin(options, version);
    await using journal = begun.journal;
    await using run = new VerificationRun({
      registry: this.#registry,
      storage: this.#storage,
      now: this.#now,
      options: { ...options, notVerifiedSince },
      version,
      journal,
      interrupted,
    });
    yield* run.results();
    await journal?.finish();
  }

  async #findVersion({ version }: VerifyOptions): Promise<ModelVersion | undefined> {
    if (version === undefined) return undefined;
    const reference = typeof version === 'string' ? parseModelReference(version) : version;
    return findVersion(this.#registry.repositories, reference);
  }

  /** Where nothing is registered there is nothing to go on with, and perhaps no registry to name. */
  async #begin(options: VerifyOptions, version: ModelVersion | undefined): Promise<Begun> {
    const { journalPath: path, store, repairFrom, notVerifiedSince, resume = false } = options;
    const { items } = await this.#registry.repositories.objects.listLocations({ limit: 1 });
    if (path === undefined || items.length === 0)
      return { journal: undefined, interrupted: undefined, notVerifiedSince };
    const nowMs = this.#now();
    const subject = {
      registryId: await this.#registry.registryId(),
      ...(version === undefined ? {} : { version: version.id }),
      ...(store === undefined ? {} : { store }),
      ...(repairFrom === undefined ? {} : { repairFrom }),
      ...(notVerifiedSince === undefined ? {} : { isLimited: true as const }),
    };
    const interrupted = resume ? await findInterruptedRun(path, { subject, nowMs }) : undefined;
    const heading = interrupted?.heading ?? {
      subject,
      startedAt: utcTimestamp(nowMs),
      ...(notVerifiedSince === undefined ? {} : { notVerifiedSince }),
    };
    const journal = await VerificationJournal.begin(path, heading, interrupted);
    return { journal, interrupted, notVerifiedSince: heading.notVerifiedSince };
  }
}
