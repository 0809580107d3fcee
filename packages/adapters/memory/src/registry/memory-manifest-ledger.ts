import {
  type ManifestLedger,
  type ReservationState,
  type StoredManifest,
  type UtcTimestamp,
  type VersionReservation,
  compareKeys,
} from '@holdfast/domain';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/** Which manifests belong to a registry in memory. */
export class MemoryManifestLedger implements ManifestLedger {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  reserve(reservation: VersionReservation): Promise<void> {
    return this.#session.write('manifests.reserve', ({ reservations }) => {
      if (reservations.has(reservation.versionId))
        throw registryErrors.taken('manifests.reserve', reservation.versionId);
      reservations.set(reservation.versionId, Object.freeze({ ...reservation }));
    });
  }

  findReservations(versionIds: readonly string[]): Promise<readonly VersionReservation[]> {
    return this.#session.read('manifests.findReservations', ({ reservations }) =>
      [...new Set(versionIds)].toSorted(compareKeys).flatMap((id) => reservations.get(id) ?? []),
    );
  }

  listReservations(state: ReservationState): Promise<readonly VersionReservation[]> {
    return this.#session.read('manifests.listReservations', ({ reservations }) =>
      [...reservations.values()]
        .filter((one) => one.state === state)
        .toSorted((a, b) => compareKeys(a.versionId, b.versionId)),
    );
  }

  changeState(versionId: string, from: ReservationState, to: ReservationState): Promise<boolean> {
    return this.#session.write('manifests.changeState', (tables) => {
      const found = tables.reservations.get(versionId);
      if (found?.state !== from) return false;
      setState(tables, found, to);
      return true;
    });
  }

  condemnLapsed(now: UtcTimestamp): Promise<number> {
    return this.#session.write('manifests.condemnLapsed', (tables) => {
      const lapsed = [...tables.reservations.values()].filter(
        ({ state, leasedUntil }) => state === 'reserved' && leasedUntil < now,
      );
      for (const reservation of lapsed) setState(tables, reservation, 'condemned');
      return lapsed.length;
    });
  }

  findKnown(versionIds: readonly string[]): Promise<readonly string[]> {
    return this.#session.read('manifests.findKnown', ({ reservations, versions }) =>
      [...new Set(versionIds)].filter((id) => reservations.has(id) || versions.has(id)).toSorted(compareKeys),
    );
  }

  putStored(manifests: readonly StoredManifest[]): Promise<void> {
    return this.#session.write('manifests.putStored', (tables) => {
      for (const manifest of manifests)
        tables.manifests.set(placeOf(manifest.storeName, manifest.key), Object.freeze({ ...manifest }));
    });
  }

  findStored(storeName: string, keys: readonly string[]): Promise<readonly StoredManifest[]> {
    return this.#session.read('manifests.findStored', ({ manifests }) =>
      [...new Set(keys)].toSorted(compareKeys).flatMap((key) => manifests.get(placeOf(storeName, key)) ?? []),
    );
  }

  findStoredOf(versionId: string): Promise<readonly StoredManifest[]> {
    return this.#session.read('manifests.findStoredOf', ({ manifests }) =>
      [...manifests.values()]
        .filter((manifest) => manifest.versionId === versionId)
        .toSorted((a, b) => compareKeys(a.storeName, b.storeName) || compareKeys(a.key, b.key)),
    );
  }

  deleteStored(storeName: string, key: string): Promise<void> {
    return this.#session.write('manifests.deleteStored', ({ manifests }) => {
      manifests.delete(placeOf(storeName, key));
    });
  }

  listUnnamed(): Promise<readonly string[]> {
    return this.#session.read('manifests.listUnnamed', ({ manifests, versions }) => {
      const named = new Set(Array.from(manifests.values(), ({ versionId }) => versionId));
      return [...versions.keys()].filter((id) => !named.has(id)).toSorted(compareKeys);
    });
  }
}

function setState(tables: MemoryTables, reservation: VersionReservation, state: ReservationState): void {
  tables.reservations.set(reservation.versionId, Object.freeze({ ...reservation, state }));
}

function placeOf(storeName: string, key: string): string {
  return `${storeName}\n${key}`;
}
