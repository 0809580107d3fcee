import {
  type ManifestLedger,
  type ObjectKey,
  type RegistryStore,
  type ReservationState,
  type StoredManifest,
  utcTimestamp,
} from '@holdfast/domain';
import { type Cancellable, type ObjectInfo, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { manifestPrefix, versionOfManifestKey } from './manifest-documents.ts';
import { ManifestStore, type ReadHeading } from './manifest-store.ts';

/** A manifest or tombstone in a store, as this registry sees it. */
export interface SurveyedManifest {
  readonly storeName: string;
  readonly key: ObjectKey;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  /** `tombstone` needs nothing; `unknown` was written by another registry. */
  readonly standing: 'known' | 'tombstone' | 'unknown';
  /** What became of the reservation, where the version has one. */
  readonly state: ReservationState | undefined;
}

export interface SurveyOptions extends Cancellable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly storeName: string;
  /** Whether the registry may note what was read, so that it need not be read again. */
  readonly isNoted: boolean;
}

/** How many manifests are read at once. */
const readAtOnce = 16;

/**
 * Every manifest and tombstone by name in a store. One whose etag the registry has recorded is not read.
 *
 * @throws StorageError `corrupt` when one cannot be read.
 */
export async function* surveyManifests(options: SurveyOptions): AsyncIterable<SurveyedManifest> {
  const { storage, storeName, signal } = options;
  for await (const { objects } of storage.adapter(storeName).list({ prefix: manifestPrefix, signal }))
    yield* surveyPage(objects, options);
}

async function* surveyPage(
  objects: readonly ObjectInfo[],
  options: SurveyOptions,
): AsyncIterable<SurveyedManifest> {
  const { registry, storeName, isNoted } = options;
  const { manifests } = registry.repositories;
  const here = objects.filter(({ key }) => versionOfManifestKey(key) !== undefined);
  const recorded = new Map(
    (
      await manifests.findStored(
        storeName,
        here.map(({ key }) => key),
      )
    ).map((one) => [one.key, one]),
  );
  const unread = here.filter(({ key, etag }) => recorded.get(key)?.etag !== etag);
  const headings = await readHeadings(unread, options);
  const ids = here.map(({ key }) => headings.get(key)?.versionId ?? recorded.get(key)?.versionId ?? '');
  const states = new Map(
    (await manifests.findReservations(ids)).map(({ versionId, state }) => [versionId, state]),
  );
  const known = new Set(await manifests.findKnown(ids));
  const noted: StoredManifest[] = [];
  const surveyed: SurveyedManifest[] = [];
  for (const { key, etag, sizeBytes } of here) {
    const heading = headings.get(key);
    const versionId = heading?.versionId ?? recorded.get(key)?.versionId;
    // It was deleted between the listing and the look.
    if (versionId === undefined || (heading === undefined && recorded.get(key)?.etag !== etag)) continue;
    const state = states.get(versionId);
    const isTombstone = heading?.kind === 'tombstone' || (heading === undefined && state === 'removed');
    const standing = isTombstone ? 'tombstone' : known.has(versionId) ? 'known' : 'unknown';
    const place = { storeName, key, etag: heading?.etag ?? etag, versionId };
    const { name, number } = versionOfManifestKey(key) ?? { name: '', number: 0 };
    const isOfOthers = isTombstone && !known.has(versionId);
    if (isOfOthers && isNoted) await noteRemoved(manifests, { versionId, name, number });
    if (heading !== undefined && isNoted && (isOfOthers || isWorthNoting(standing, state))) noted.push(place);
    surveyed.push({ ...place, sizeBytes, name, number, standing, state });
  }
  if (noted.length > 0) await manifests.putStored(noted);
  yield* surveyed;
}

/** What another registry removed is known from then on, so that its tombstone need not be read again. */
async function noteRemoved(
  manifests: ManifestLedger,
  version: { readonly versionId: string; readonly name: string; readonly number: number },
): Promise<void> {
  try {
    await manifests.reserve({ ...version, state: 'removed', leasedUntil: utcTimestamp(0) });
  } catch (error) {
    if (!StorageError.isInstance(error, 'already-exists')) throw error;
  }
}

/** Only what is published is recorded: of a version that was removed, what is recorded is its tombstone. */
function isWorthNoting(standing: SurveyedManifest['standing'], state: ReservationState | undefined): boolean {
  if (standing === 'tombstone') return state === 'removed';
  return standing === 'known' && (state === undefined || state === 'published');
}

async function readHeadings(
  objects: readonly ObjectInfo[],
  { registry, storage, storeName, signal }: SurveyOptions,
): Promise<ReadonlyMap<string, ReadHeading>> {
  const store = new ManifestStore(registry, storage);
  const headings = new Map<string, ReadHeading>();
  for (let start = 0; start < objects.length; start += readAtOnce) {
    const read = objects
      .slice(start, start + readAtOnce)
      .map(({ key }) => store.heading(storeName, key, { signal }));
    for (const heading of await Promise.all(read))
      if (heading !== undefined) headings.set(heading.key, heading);
  }
  return headings;
}

/** Names what another registry wrote, and the ways on. */
export function unknownVersions(
  storeName: string,
  unknown: readonly Pick<SurveyedManifest, 'name' | 'number'>[],
): StorageError {
  const [first] = unknown;
  const others = unknown.length > 1 ? ` and ${unknown.length - 1} more` : '';
  return new StorageError({
    code: 'permission-denied',
    operation: 'collect',
    message: `Nothing was deleted from the store ${storeName}: it has versions that this registry does not know, ${first?.name}:${first?.number}${others}. A copy of this registry saved them, or a newer state of it.`,
    hint: `Adopt them: holdfast registry adopt ${storeName} · forget them: holdfast registry forget ${storeName} · or restore a newer backup.`,
  });
}
