import type { StoredManifest, VersionReservation } from '@holdfast/domain';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleTime, sampleVersion } from './sample-records.ts';

/** What the ledger of manifests promises. */
export const manifestCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a reservation is found by its id, and an id is reserved once',
    run: async ({ manifests }) => {
      const [a, b] = [reservation('a'), reservation('b', { number: 2 })];
      await manifests.reserve(b);
      await manifests.reserve(a);
      await expectRefusal(manifests.reserve({ ...a, number: 7 }), 'already-exists');
      expect(await manifests.findReservations(['b', 'a', 'c', 'a'])).toEqual([a, b]);
      expect(await manifests.findReservations([])).toEqual([]);
    },
  },
  {
    name: 'a reservation changes its state only from the one that it is in',
    run: async ({ manifests }) => {
      await manifests.reserve(reservation('a'));
      expect(await manifests.changeState('a', 'published', 'removing')).toBe(false);
      expect(await manifests.changeState('a', 'reserved', 'published')).toBe(true);
      expect(await manifests.changeState('a', 'reserved', 'published')).toBe(false);
      expect(await manifests.changeState('b', 'reserved', 'published')).toBe(false);
      expect(await manifests.listReservations('published')).toEqual([
        reservation('a', { state: 'published' }),
      ]);
      expect(await manifests.listReservations('reserved')).toEqual([]);
    },
  },
  {
    name: 'only reservations whose lease lapsed are condemned',
    run: async ({ manifests }) => {
      await manifests.reserve(reservation('lapsed'));
      await manifests.reserve(reservation('leased', { leasedUntil: sampleTime(9) }));
      await manifests.reserve(reservation('published', { state: 'published' }));
      expect(await manifests.condemnLapsed(sampleTime(9))).toBe(1);
      expect(await manifests.listReservations('condemned')).toMatchObject([{ versionId: 'lapsed' }]);
      expect(await manifests.changeState('lapsed', 'reserved', 'published')).toBe(false);
    },
  },
  {
    name: "an id is known when it is a version's or a reservation's, whatever its state",
    run: async ({ manifests, models, versions }) => {
      const model = await models.save(sampleModel(1));
      const version = await versions.save(sampleVersion(model, 1));
      for (const state of ['reserved', 'published', 'condemned', 'removing', 'removed'] as const)
        await manifests.reserve(reservation(state, { state }));
      const known = ['condemned', 'published', 'removed', 'removing', 'reserved', version.id].toSorted();
      expect(await manifests.findKnown([...known, 'foreign', version.id])).toEqual(known);
      await versions.delete(version.id);
      expect(await manifests.findKnown([version.id])).toEqual([]);
    },
  },
  {
    name: 'the recorded state of a manifest is of its store and key, and the last one counts',
    run: async ({ manifests }) => {
      const [a, b] = [stored('versions/m/@1', 'a'), stored('versions/m/@2', 'b')];
      const elsewhere = { ...a, storeName: 'second', etag: 'other' };
      await manifests.putStored([{ ...a, etag: 'old', versionId: 'x' }, b, elsewhere]);
      await manifests.putStored([a]);
      await manifests.putStored([]);
      expect(await manifests.findStored('main', [b.key, 'versions/m/@3', a.key])).toEqual([a, b]);
      expect(await manifests.findStoredOf('a')).toEqual([a, elsewhere]);
      await manifests.deleteStored('main', a.key);
      await manifests.deleteStored('main', a.key);
      expect(await manifests.findStoredOf('a')).toEqual([elsewhere]);
    },
  },
  {
    name: 'versions without a manifest by name are listed',
    run: async ({ manifests, models, versions }) => {
      const model = await models.save(sampleModel(1));
      const saved = [
        await versions.save(sampleVersion(model, 1)),
        await versions.save(sampleVersion(model, 2)),
      ];
      const ids = saved.map(({ id }) => id).toSorted();
      expect(await manifests.listUnnamed()).toEqual(ids);
      await manifests.putStored([stored('versions/m/@1', ids[0] ?? '')]);
      expect(await manifests.listUnnamed()).toEqual(ids.slice(1));
    },
  },
  {
    name: 'a unit of work that fails leaves reservations and manifests as they were',
    run: async ({ manifests, store }) => {
      await manifests.reserve(reservation('a'));
      const failure = new Error('given up');
      const work = store.unitOfWork(async (repositories) => {
        await repositories.manifests.reserve(reservation('b'));
        await repositories.manifests.changeState('a', 'reserved', 'published');
        await repositories.manifests.putStored([stored('versions/m/@1', 'a')]);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await manifests.findReservations(['a', 'b'])).toEqual([reservation('a')]);
      expect(await manifests.findStoredOf('a')).toEqual([]);
    },
  },
];

function reservation(versionId: string, changes: Partial<VersionReservation> = {}): VersionReservation {
  return { versionId, name: 'model', number: 1, state: 'reserved', leasedUntil: sampleTime(5), ...changes };
}

function stored(key: string, versionId: string): StoredManifest {
  return { storeName: 'main', key, versionId, etag: `etag of ${versionId}` };
}
