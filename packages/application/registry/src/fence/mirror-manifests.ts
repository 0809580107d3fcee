import type { RegistryStore } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import type { MirrorOptions, MirroredObject, StorageService } from '@holdfast/storage';
import { ManifestStore } from './manifest-store.ts';
import { type SurveyedManifest, surveyManifests, unknownVersions } from './survey-manifests.ts';

export interface MirrorManifestsOptions extends MirrorOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
}

/**
 * Brings the manifests and tombstones that the registry knows into another store, by create. One that differs there, and one
 * that the registry does not know, is a failure of its own.
 */
export async function* mirrorManifests(
  from: string,
  to: string,
  options: MirrorManifestsOptions,
): AsyncIterable<MirroredObject> {
  const { registry, storage, prefix = '', accepts = () => true, isDryRun = false, signal } = options;
  const survey = { registry, storage, signal, isNoted: !isDryRun };
  const present = new Map<string, SurveyedManifest>();
  for await (const manifest of surveyManifests({ ...survey, storeName: to }))
    present.set(manifest.key, manifest);
  for await (const manifest of surveyManifests({ ...survey, storeName: from })) {
    const { key, sizeBytes, standing, state } = manifest;
    const isGoing = standing === 'known' && state !== undefined && state !== 'published';
    if (isGoing || !key.startsWith(prefix) || !accepts(key)) continue;
    try {
      yield {
        key,
        sizeBytes,
        outcome: await mirrorOne(manifest, { ...options, to, target: present.get(key) }),
      };
    } catch (error) {
      if (!StorageError.isInstance(error) || error.operation !== operation) throw error;
      yield { key, sizeBytes, outcome: 'failed', error };
    }
  }
}

const operation = 'mirror';

async function mirrorOne(
  manifest: SurveyedManifest,
  {
    registry,
    storage,
    to,
    target,
    isDryRun = false,
    signal,
  }: MirrorManifestsOptions & { readonly to: string; readonly target: SurveyedManifest | undefined },
): Promise<MirroredObject['outcome']> {
  const { key, storeName, standing, versionId } = manifest;
  const adapter = storage.adapter(to);
  if (standing === 'unknown') throw unknown(adapter, manifest);
  const isTombstone = standing === 'tombstone';
  if (target !== undefined) {
    if (target.versionId !== versionId) throw differing(adapter, manifest);
    if (isTombstone === (target.standing === 'tombstone')) return 'unchanged';
    if (!isTombstone) throw differing(adapter, manifest);
    if (!isDryRun) await new ManifestStore(registry, storage).bury(to, manifest, { signal });
    return 'replaced';
  }
  if (isDryRun) return 'copied';
  const mode = adapter.capabilities.createIfAbsent ? 'create' : 'overwrite';
  const reader = await storage.adapter(storeName).get(key, { signal });
  if (reader === undefined) return 'unchanged';
  await using source = reader;
  try {
    const { etag } = await adapter.put(key, source.body, { mode, sizeBytes: source.info.sizeBytes, signal });
    await registry.repositories.manifests.putStored([{ storeName: to, key, versionId, etag }]);
  } catch (error) {
    if (!StorageError.isInstance(error, 'already-exists')) throw error;
    // Another mirror may have brought the same one meanwhile.
    const found = await new ManifestStore(registry, storage).heading(to, key, { signal });
    const isSame = found?.versionId === versionId && (found.kind === 'tombstone') === isTombstone;
    if (!isSame) throw differing(adapter, manifest);
    await registry.repositories.manifests.putStored([{ storeName: to, key, versionId, etag: found.etag }]);
    return 'unchanged';
  }
  return 'copied';
}

function unknown(adapter: StorageAdapter, manifest: SurveyedManifest): StorageError {
  const { key, storeName, name, number } = manifest;
  const message = `The store ${storeName} has a version ${name}:${number} that this registry does not know.`;
  const { hint } = unknownVersions(storeName, [manifest]);
  return new StorageError({
    code: 'permission-denied',
    operation,
    backend: adapter.backend,
    key,
    message,
    hint,
  });
}

function differing(adapter: StorageAdapter, { key, name, number }: SurveyedManifest): StorageError {
  return new StorageError({
    code: 'already-exists',
    operation,
    backend: adapter.backend,
    key,
    message: `The target has another version ${name}:${number}, and it is left as it is.`,
    hint: 'Two copies of a registry gave the same number out. Mirror into an empty store, or forget one of the two.',
  });
}
