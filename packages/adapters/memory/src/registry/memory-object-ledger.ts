import {
  type CondemnOptions,
  type Condemnation,
  type Digest,
  type Lease,
  type LocationQuery,
  type LocationTotals,
  type ObjectLedger,
  type ObjectLocation,
  type StoreRetirement,
  type Page,
  type ReferenceOwner,
  type UnreferencedObject,
  type UtcTimestamp,
  compareKeys,
  epochMsOf,
  parseReferenceOwner,
  printReferenceOwner,
} from '@holdfast/domain';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { pageOf } from './page-of.ts';
import { registryErrors } from './registry-errors.ts';

/** Which digests are needed and where they lie, in memory. */
export class MemoryObjectLedger implements ObjectLedger {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  putLease(lease: Lease): Promise<void> {
    return this.#session.write('objects.putLease', (tables) => {
      if (tables.condemned.has(lease.digest))
        throw registryErrors.condemned('objects.putLease', lease.digest);
      tables.leases.set(lease.id, Object.freeze({ ...lease }));
    });
  }

  findLease(id: string): Promise<Lease | undefined> {
    return this.#session.read('objects.findLease', (tables) => tables.leases.get(id));
  }

  deleteLeases(ids: readonly string[]): Promise<void> {
    return this.#session.write('objects.deleteLeases', (tables) => {
      for (const id of ids) tables.leases.delete(id);
    });
  }

  deleteLapsedLeases(now: UtcTimestamp): Promise<number> {
    return this.#session.write('objects.deleteLapsedLeases', (tables) => {
      const lapsed = [...tables.leases.values()].filter(
        (lease) => epochMsOf(lease.expiresAt) < epochMsOf(now),
      );
      for (const { id } of lapsed) tables.leases.delete(id);
      return lapsed.length;
    });
  }

  addReferences(owner: ReferenceOwner, digests: readonly Digest[]): Promise<void> {
    const key = printReferenceOwner(owner);
    return this.#session.write('objects.addReferences', (tables) => {
      tables.references.set(key, new Set([...(tables.references.get(key) ?? []), ...digests]));
    });
  }

  deleteReferences(owner: ReferenceOwner): Promise<void> {
    return this.#session.write('objects.deleteReferences', (tables) => {
      tables.references.delete(printReferenceOwner(owner));
    });
  }

  findReferences(owner: ReferenceOwner): Promise<readonly Digest[]> {
    return this.#session.read('objects.findReferences', (tables) =>
      [...(tables.references.get(printReferenceOwner(owner)) ?? [])].toSorted(compareKeys),
    );
  }

  findUnreferenced(digests: readonly Digest[]): Promise<readonly UnreferencedObject[]> {
    return this.#session.read('objects.findUnreferenced', (tables) => {
      const referenced = new Set([...tables.references.values()].flatMap((needed) => [...needed]));
      return [...new Set(digests)]
        .filter((digest) => !referenced.has(digest))
        .toSorted(compareKeys)
        .map((digest) => {
          const ends = [...tables.leases.values()]
            .filter((lease) => lease.digest === digest)
            .map((lease) => lease.expiresAt)
            .toSorted(compareKeys);
          const leasedUntil = ends.at(-1);
          return leasedUntil === undefined ? { digest } : { digest, leasedUntil };
        });
    });
  }

  findOwners(digest: Digest): Promise<readonly ReferenceOwner[]> {
    return this.#session.read('objects.findOwners', (tables) =>
      [...tables.references.keys()]
        .filter((owner) => tables.references.get(owner)?.has(digest))
        .toSorted(compareKeys)
        .map(parseReferenceOwner),
    );
  }

  putLocation(location: ObjectLocation): Promise<void> {
    return this.#session.write('objects.putLocation', (tables) => {
      const stores = new Map(tables.locations.get(location.digest));
      tables.locations.set(location.digest, stores.set(location.storeName, Object.freeze({ ...location })));
    });
  }

  findLocations(digest: Digest): Promise<readonly ObjectLocation[]> {
    return this.#session.read('objects.findLocations', (tables) =>
      [...(tables.locations.get(digest)?.values() ?? [])].toSorted((a, b) =>
        compareKeys(a.storeName, b.storeName),
      ),
    );
  }

  listLocations(query: LocationQuery = {}): Promise<Page<ObjectLocation>> {
    const { limit, after } = query;
    const operation = 'objects.listLocations';
    return this.#session.read(operation, (tables) => {
      const valuesOf = (location: ObjectLocation): readonly string[] => [location.digest, location.storeName];
      return pageOf(matchingLocations(tables, query), {
        operation,
        limit,
        after,
        orderName: 'locations',
        descending: false,
        valuesOf,
      });
    });
  }

  measureLocations(query: LocationQuery = {}): Promise<LocationTotals> {
    return this.#session.read('objects.measureLocations', (tables) => {
      const matching = matchingLocations(tables, query);
      return {
        count: matching.length,
        sizeBytes: matching.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      };
    });
  }

  listUnlocated({ limit, after }: LocationQuery = {}): Promise<Page<Digest>> {
    const operation = 'objects.listUnlocated';
    return this.#session.read(operation, (tables) => {
      const needed = new Set([...tables.references.values()].flatMap((digests) => [...digests]));
      const unlocated = [...needed].filter((digest) => (tables.locations.get(digest)?.size ?? 0) === 0);
      return pageOf(unlocated, {
        operation,
        limit,
        after,
        orderName: 'unlocated',
        descending: false,
        valuesOf: (digest) => [digest],
      });
    });
  }

  noteVerified(seen: readonly ObjectLocation[], verifiedAt: UtcTimestamp): Promise<void> {
    return this.#session.write('objects.noteVerified', (tables) => {
      for (const location of seen) {
        const stores = tables.locations.get(location.digest);
        const present = stores?.get(location.storeName);
        if (stores === undefined || present === undefined || !isSameFinding(present, location)) continue;
        const noted = Object.freeze({ ...present, verifiedAt, state: 'verified' as const });
        tables.locations.set(location.digest, new Map(stores).set(location.storeName, noted));
      }
    });
  }

  deleteLocation(digest: Digest, storeName: string): Promise<void> {
    return this.#session.write('objects.deleteLocation', (tables) => {
      const stores = new Map(tables.locations.get(digest));
      if (stores.delete(storeName)) tables.locations.set(digest, stores);
    });
  }

  putRetirement(retirement: StoreRetirement): Promise<void> {
    return this.#session.write('objects.putRetirement', (tables) =>
      tables.retirements.set(retirement.storeName, Object.freeze({ ...retirement })),
    );
  }

  listRetirements(): Promise<readonly StoreRetirement[]> {
    return this.#session.read('objects.listRetirements', (tables) =>
      [...tables.retirements.values()].toSorted((a, b) => compareKeys(a.storeName, b.storeName)),
    );
  }

  deleteRetirement(storeName: string): Promise<void> {
    return this.#session.write('objects.deleteRetirement', (tables) => {
      tables.retirements.delete(storeName);
    });
  }

  condemn(digests: readonly Digest[], options: CondemnOptions): Promise<readonly Digest[]> {
    const { now, by, storeNames } = options;
    return this.#session.write('objects.condemn', (tables) => {
      const needed = neededDigests(tables, now);
      const wanted = [...new Set(digests)];
      const condemned = new Set(
        wanted.filter((digest) => !needed.has(digest) && !tables.condemned.has(digest)),
      );
      for (const digest of condemned) tables.condemned.set(digest, condemnationOf(digest, by, storeNames));
      for (const lease of Array.from(tables.leases.values())) {
        if (condemned.has(lease.digest)) tables.leases.delete(lease.id);
      }
      return wanted.filter((digest) => tables.condemned.get(digest)?.by === by);
    });
  }

  takeOver(digest: Digest, options: Omit<CondemnOptions, 'now'>): Promise<Condemnation | undefined> {
    return this.#session.write('objects.takeOver', (tables) => {
      const found = tables.condemned.get(digest);
      if (found === undefined) return undefined;
      const taken = condemnationOf(digest, options.by, [...found.storeNames, ...options.storeNames]);
      tables.condemned.set(digest, taken);
      return taken;
    });
  }

  findCondemnation(digest: Digest): Promise<Condemnation | undefined> {
    return this.#session.read('objects.findCondemnation', (tables) => tables.condemned.get(digest));
  }

  listCondemned(): Promise<readonly Condemnation[]> {
    return this.#session.read('objects.listCondemned', (tables) =>
      [...tables.condemned.values()].toSorted((a, b) => compareKeys(a.digest, b.digest)),
    );
  }

  absolve(digests: readonly Digest[], by: string): Promise<readonly Digest[]> {
    return this.#session.write('objects.absolve', (tables) =>
      [...new Set(digests)].filter(
        (digest) => tables.condemned.get(digest)?.by === by && tables.condemned.delete(digest),
      ),
    );
  }
}

function condemnationOf(digest: Digest, by: string, storeNames: readonly string[]): Condemnation {
  const sorted = Object.freeze([...new Set(storeNames)].toSorted(compareKeys));
  return Object.freeze({ digest, by, storeNames: sorted });
}

function matchingLocations(tables: MemoryTables, query: LocationQuery): readonly ObjectLocation[] {
  const { storeName, state, notVerifiedSince } = query;
  const all = [...tables.locations.values()].flatMap((stores) => [...stores.values()]);
  return all.filter(
    (location) =>
      (storeName === undefined || location.storeName === storeName) &&
      (state === undefined || location.state === state) &&
      (notVerifiedSince === undefined ||
        location.state === 'corrupt' ||
        location.verifiedAt < notVerifiedSince),
  );
}

function isSameFinding(left: ObjectLocation, right: ObjectLocation): boolean {
  return left.key === right.key && left.state === right.state && left.verifiedAt === right.verifiedAt;
}

function neededDigests(tables: MemoryTables, now: UtcTimestamp): ReadonlySet<Digest> {
  const needed = new Set<Digest>();
  for (const digests of tables.references.values()) {
    for (const digest of digests) needed.add(digest);
  }
  for (const lease of tables.leases.values()) {
    if (epochMsOf(lease.expiresAt) >= epochMsOf(now)) needed.add(lease.digest);
  }
  return needed;
}
