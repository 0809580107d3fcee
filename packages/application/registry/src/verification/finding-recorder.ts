import { type ObjectLocation, type RegistryStore, type Repositories, utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** How many intact objects are written down at once: a commit for each would take longer than reading it. */
const recordedAtOnce = 100;

/** So that little has to be read again after a crash, however large objects are. */
const recordedBytesAtOnce = 268_435_456;

/**
 * Writes down what a verification finds: damage at once, the rest together. A location that was changed or removed
 * since it was seen is left alone: a saver has repaired the object, or a reclaimer has deleted it. A registry that
 * can only be read is not written to, and keeps nobody from verifying.
 */
export class FindingRecorder implements AsyncDisposable {
  readonly #registry: RegistryStore;
  readonly #now: () => number;
  #intact: ObjectLocation[] = [];
  #intactBytes = 0;

  constructor(registry: RegistryStore, now: () => number) {
    this.#registry = registry;
    this.#now = now;
  }

  /** Whether enough is kept back to be written down. */
  get isFull(): boolean {
    return this.#intact.length >= recordedAtOnce || this.#intactBytes >= recordedBytesAtOnce;
  }

  /** Keeps back that an object was found as it should be. */
  addIntact(seen: ObjectLocation): void {
    this.#intact.push(seen);
    this.#intactBytes += seen.sizeBytes;
  }

  /** Writes down at once that an object is not as it should be; answers the location as it is registered now. */
  async recordDamage(seen: ObjectLocation): Promise<ObjectLocation | undefined> {
    try {
      return await this.#markDamaged(seen);
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      return find(this.#registry.repositories.objects, seen);
    }
  }

  #markDamaged(seen: ObjectLocation): Promise<ObjectLocation | undefined> {
    const found: ObjectLocation = { ...seen, state: 'corrupt', verifiedAt: utcTimestamp(this.#now()) };
    return this.#registry.unitOfWork(async ({ objects }) => {
      const present = await find(objects, seen);
      if (present === undefined || !isSame(present, seen)) return present;
      await objects.putLocation(found);
      return found;
    });
  }

  /** Writes down what is still kept back. */
  async flush(): Promise<void> {
    const findings = this.#intact;
    this.#intact = [];
    this.#intactBytes = 0;
    if (findings.length === 0) return;
    try {
      await this.#registry.repositories.objects.noteVerified(findings, utcTimestamp(this.#now()));
    } catch (error) {
      if (!isReadOnly(error)) throw error;
    }
  }

  /** Writes down the rest when a verification is left early; there is nobody to be told of a failure then. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush().catch(() => undefined);
  }
}

function isReadOnly(error: unknown): boolean {
  return StorageError.isInstance(error, 'permission-denied');
}

async function find(
  objects: Repositories['objects'],
  { digest, storeName }: ObjectLocation,
): Promise<ObjectLocation | undefined> {
  return (await objects.findLocations(digest)).find((place) => place.storeName === storeName);
}

function isSame(left: ObjectLocation, right: ObjectLocation): boolean {
  return left.key === right.key && left.state === right.state && left.verifiedAt === right.verifiedAt;
}
