import type { RegistryStore } from '@holdfast/domain';
import { type Cancellable, StorageError } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import { type UnknownVersion, findUnknown } from './find-unknown.ts';
import { nameManifests } from './name-manifests.ts';
import type { StoreClaim } from './store-claim.ts';

export interface NameAndSurveyOptions extends Cancellable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly claim: StoreClaim;
}

/** What the stores of a registry hold that was just made. */
export interface MadeRegistrySurvey {
  /** The versions that the registry does not know. */
  readonly unknown: readonly UnknownVersion[];
  /** Stores that could not be looked through, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * Stores manifests for the versions of a registry that was just made, and finds what else its stores hold. What fails here
 * undoes nothing: the next collection does it.
 */
export async function nameAndSurvey(
  storeNames: readonly string[],
  { registry, storage, claim, signal }: NameAndSurveyOptions,
): Promise<MadeRegistrySurvey> {
  const unknown: UnknownVersion[] = [];
  const warnings: string[] = [];
  for (const storeName of storeNames) {
    try {
      const found = await claim.ensure(storeName, { signal });
      if (found === undefined) continue;
      await nameManifests(registry, storage, { storeName, signal });
      const { areManifestsNamed } = found;
      const survey = { registry, storage, storeName, signal, areManifestsNamed, isNoted: true };
      unknown.push(...(await findUnknown(survey)).unknown);
    } catch (error) {
      if (!StorageError.isInstance(error)) throw error;
      warnings.push(
        `The store ${storeName} could not be looked through for other versions: ${error.message}`,
      );
    }
  }
  return { unknown, warnings };
}
