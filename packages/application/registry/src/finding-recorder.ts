import { type ObjectLocation, type RegistryStore, type Repositories, utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { VerifiedObject } from './verification-service.ts';

/** How many intact objects are written down at once: a commit for each would take longer than reading it. */
const recordedAtOnce = 100;

/** A location as it was when its object was read, and as it is to be written down. */
interface Finding {
  readonly seen: ObjectLocation;
  readonly found: ObjectLocation;
}

/**
 * Writes down what a verification finds: damage at once, the rest together. A location that was changed or removed
 * since it was seen is left alone: a saver has repaired the object, or a reclaimer has deleted it. A registry that
 * can only be read is not written to, and stops nobody from verifying.
 */
export class FindingRecorder implements AsyncDisposable {
  readonly #registry: RegistryStore;
  readonly #now: () => number;
  #intact: Finding[] = [];

  constructor(registry: RegistryStore, now: () => number) {
    this.#registry = registry;
    this.#now = now;
  }

  /** @returns whether the object is registered still, as far as it was looked up. */
  async record(seen: ObjectLocation, state: VerifiedObject['state']): Promise<boolean> {
    const verifiedAt = utcTimestamp(this.#now());
    if (state === 'intact') {
      this.#intact.push({ seen, found: { ...seen, state: 'verified', verifiedAt } });
      if (this.#intact.length >= recordedAtOnce) await this.flush();
      return true;
    }
    const found: ObjectLocation = { ...seen, state: 'corrupt', verifiedAt };
    const isRegistered = await this.#write([{ seen, found }]);
    return isRegistered ?? isThere(this.#registry.repositories, seen);
  }

  /** Writes down what is still kept back. */
  async flush(): Promise<void> {
    const findings = this.#intact;
    this.#intact = [];
    if (findings.length === 0) return;
    await this.#write(findings);
  }

  /** @returns whether the last location is there; `undefined` where the registry can only be read. */
  async #write(findings: readonly Finding[]): Promise<boolean | undefined> {
    try {
      return await this.#registry.unitOfWork(async (repositories) => {
        let isLastThere = false;
        for (const finding of findings) isLastThere = await write(repositories, finding);
        return isLastThere;
      });
    } catch (error) {
      if (!StorageError.isInstance(error, 'permission-denied')) throw error;
      return undefined;
    }
  }

  /** Writes down the rest when a verification is left early; there is nobody to be told of a failure then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush().catch(() => undefined);
  }
}

/** @returns whether the location is there. */
async function write({ objects }: Repositories, { seen, found }: Finding): Promise<boolean> {
  const places = await objects.findLocations(seen.digest);
  const present = places.find(({ storeName }) => storeName === seen.storeName);
  if (present !== undefined && isSame(present, seen)) await objects.putLocation(found);
  return present !== undefined;
}

async function isThere({ objects }: Repositories, seen: ObjectLocation): Promise<boolean> {
  const places = await objects.findLocations(seen.digest);
  return places.some(({ storeName }) => storeName === seen.storeName);
}

function isSame(left: ObjectLocation, right: ObjectLocation): boolean {
  return left.key === right.key && left.state === right.state && left.verifiedAt === right.verifiedAt;
}
