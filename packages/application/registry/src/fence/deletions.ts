import { type RegistryStore, type Repositories, utcTimestamp } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import { type StorageService, probeConditions } from '@holdfast/storage';
import { findUnknown } from './find-unknown.ts';
import { nameManifests } from './name-manifests.ts';
import type { ClaimReading, StoreClaim } from './store-claim.ts';
import { type SurveyedManifest, unknownVersions } from './survey-manifests.ts';

/** A deletion that may begin: its stores are marked, and everything in them is known. */
export interface Deletion {
  readonly id: string;
  /** The stores from which it may delete. */
  readonly storeNames: ReadonlySet<string>;
  /** Why it may not delete from the others that are fenced and ours. */
  readonly stops: ReadonlyMap<string, StorageError>;
  /** Manifests and tombstones by name that are to go, or to be replaced. */
  readonly leftovers: readonly SurveyedManifest[];
}

export interface DeletionOptions extends Cancellable {
  /** No other command deletes: what others left in the claims is taken away. @default false */
  readonly isAlone?: boolean | undefined;
  /** Stop where there are more manifests than this. @default no limit */
  readonly limit?: number | undefined;
}

export interface DeletionsOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
  readonly now: () => number;
  readonly createId: () => string;
}

/** After this long, a deletion of a process that seems to have died is closed; one that lives begins again. */
const staleMs = 3_600_000;

/**
 * The rule that every deletion keeps: it is noted in the registry and in the claim, then everything in the store is looked
 * through for versions that the registry does not know, and only then something is deleted.
 *
 * A save stores its manifest and then reads the claim; a deletion marks the claim and then lists the manifests. Each
 * writes before it reads what the other one wrote, so one of the two sees the other.
 */
export class Deletions {
  readonly #options: DeletionsOptions;

  constructor(options: DeletionsOptions) {
    this.#options = options;
  }

  /**
   * Runs work that deletes.
   *
   * @throws StorageError as claiming a store does.
   */
  async during<T>(
    storeNames: Iterable<string>,
    work: (deletion: Deletion) => Promise<T>,
    options: DeletionOptions = {},
  ): Promise<T> {
    await using deletion = await this.begin(storeNames, options);
    return await work(deletion);
  }

  /**
   * Begins a deletion, which ends when it is disposed.
   *
   * @throws StorageError as claiming a store does.
   */
  async begin(
    storeNames: Iterable<string>,
    options: DeletionOptions = {},
  ): Promise<Deletion & AsyncDisposable> {
    const { registry, createId, now } = this.#options;
    const id = createId();
    await registry.repositories.fence.addDeletion({ id, startedAt: utcTimestamp(now()) });
    const marked = new Set<string>();
    const end = (): Promise<void> => this.#end(id, marked).catch(ignoreStorageErrors);
    try {
      const begun = await this.#begin(id, [...new Set(storeNames)], { ...options, marked });
      return { ...begun, [Symbol.asyncDispose]: end };
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Takes what dead processes of this registry left out of the claims; the present deletion is not one of them. */
  async endStale(
    storeNames: readonly string[],
    { isAlone = false, present }: DeletionOptions & { readonly present: string },
  ): Promise<void> {
    const { registry, now } = this.#options;
    const before = utcTimestamp(now() - staleMs);
    for (const { id, startedAt, isClosed } of await registry.repositories.fence.listDeletions()) {
      if (id === present || (!isAlone && !isClosed && startedAt >= before)) continue;
      await this.#end(id, new Set(storeNames)).catch(ignoreStorageErrors);
    }
  }

  async #begin(
    id: string,
    storeNames: readonly string[],
    options: DeletionOptions & { readonly marked: Set<string> },
  ): Promise<Deletion> {
    const allowed = new Set<string>();
    const stops = new Map<string, StorageError>();
    const leftovers: SurveyedManifest[] = [];
    for (const storeName of storeNames) {
      if (!(await this.#deletesConditionally(storeName, options))) continue;
      const claim = await this.#mark(id, storeName, options);
      if (claim === undefined) continue;
      const { registry, storage } = this.#options;
      await nameManifests(registry, storage, { storeName, signal: options.signal });
      const outcome = await this.#look(storeName, claim, options);
      if (outcome instanceof StorageError) stops.set(storeName, outcome);
      else {
        allowed.add(storeName);
        leftovers.push(...outcome);
      }
    }
    return { id, storeNames: allowed, stops, leftovers };
  }

  /** Where it is not decided what is deleted, an object that is saved again could be deleted instead. */
  async #deletesConditionally(storeName: string, { signal }: DeletionOptions): Promise<boolean> {
    const adapter = this.#options.storage.adapter(storeName);
    if (!adapter.capabilities.deleteIfMatch) return false;
    return !(await probeConditions(adapter, { signal })).includes('deleteIfMatch');
  }

  async #mark(
    id: string,
    storeName: string,
    { isAlone = false, marked, signal }: DeletionOptions & { readonly marked: Set<string> },
  ): Promise<ClaimReading | undefined> {
    marked.add(storeName);
    return this.#options.claim.change(
      storeName,
      ({ deleting }) => ({ deleting: [...(isAlone ? [] : deleting), id] }),
      { signal },
    );
  }

  /** @returns the manifests that are to go, or why nothing may be deleted. */
  async #look(
    storeName: string,
    { areManifestsNamed }: ClaimReading,
    { limit, signal }: DeletionOptions,
  ): Promise<readonly SurveyedManifest[] | StorageError> {
    const { registry, storage, claim } = this.#options;
    const survey = await findUnknown({
      registry,
      storage,
      storeName,
      signal,
      areManifestsNamed,
      limit,
      isNoted: true,
      keeps: isLeftover,
    });
    if (survey.unknown.length > 0) return unknownVersions(storeName, survey.unknown);
    if (survey.isCut) return tooMany(storeName);
    if (!areManifestsNamed) await claim.change(storeName, () => ({ areManifestsNamed: true }), { signal });
    return survey.manifests;
  }

  /** A deletion that still owns condemned digests has not ended: another one takes those over first. */
  async #end(id: string, storeNames: ReadonlySet<string>): Promise<void> {
    const { registry, claim } = this.#options;
    const { fence } = registry.repositories;
    if (!(await fence.closeDeletion(id))) return;
    for (const storeName of storeNames) {
      const found = await claim.read(storeName);
      if (found?.deleting.includes(id) !== true) continue;
      await claim.change(storeName, ({ deleting }) => ({ deleting: deleting.filter((one) => one !== id) }));
    }
    await fence.forgetDeletion(id);
  }
}

/**
 * Checks, inside a transaction that condemns, that a deletion was not closed by another process.
 *
 * @throws StorageError `unavailable` (`temporary`) when it was.
 */
export async function assertOpen({ fence }: Repositories, id: string): Promise<void> {
  const found = (await fence.listDeletions()).find((deletion) => deletion.id === id);
  if (found?.isClosed === false) return;
  throw new StorageError({
    code: 'unavailable',
    operation: 'collect',
    retry: 'temporary',
    message: 'Another command ended this deletion, which took long.',
    hint: 'Run it again: it goes on where it was.',
  });
}

/** What a killed command left: a manifest whose version was never published or is removed. */
function isLeftover({ standing, state }: SurveyedManifest): boolean {
  return standing === 'known' && (state === 'condemned' || state === 'removing' || state === 'removed');
}

function tooMany(storeName: string): StorageError {
  return new StorageError({
    code: 'unsupported',
    operation: 'collect',
    message: `The store ${storeName} has so many versions that looking through them all takes long.`,
    hint: 'Free the bytes with holdfast gc.',
  });
}

function ignoreStorageErrors(error: unknown): void {
  if (!StorageError.isInstance(error)) throw error;
}
