import { expect } from 'vitest';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleCondemning, sampleDigest, sampleTime } from './sample-records.ts';

/** What generations, and the deletions that a registry knows, promise. */
export const fenceCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a new registry has its own id as generation, and has not noted where it is',
    run: async ({ store, fence }) => {
      const id = await store.registryId();
      expect(await fence.current()).toEqual({ id, place: undefined });
      expect(await fence.isAncestor(id)).toBe(false);
      expect(await fence.listGenerations()).toEqual([id]);
    },
  },
  {
    name: 'a generation that is taken becomes the current one, and those before it its ancestors, in their order',
    run: async ({ store, fence }) => {
      const id = await store.registryId();
      await fence.take({ id: 'b', place: 'here' });
      await fence.take({ id: 'a', place: 'there', ancestors: ['x', 'b', 'x'] });
      expect(await fence.current()).toEqual({ id: 'a', place: 'there' });
      expect(await fence.listGenerations()).toEqual([id, 'b', 'x', 'a']);
      for (const ancestor of [id, 'b', 'x']) expect(await fence.isAncestor(ancestor)).toBe(true);
      for (const other of ['a', 'y', '']) expect(await fence.isAncestor(other)).toBe(false);
    },
  },
  {
    name: 'the id that a registry adopts is an ancestor of its generation',
    run: async ({ store, fence, archive }) => {
      await fence.take({ id: 'a', place: 'here' });
      await archive.adoptId('adopted');
      expect(await store.registryId()).toBe('adopted');
      expect(await fence.isAncestor('adopted')).toBe(true);
      expect((await fence.current()).id).toBe('a');
    },
  },
  {
    name: 'a generation that is taken in a unit of work that fails is not taken',
    run: async ({ store, fence }) => {
      const before = await fence.current();
      const failure = new Error('given up');
      const work = store.unitOfWork(async (repositories) => {
        await repositories.fence.take({ id: 'a', place: 'here' });
        await repositories.fence.addDeletion({ id: 'd', startedAt: sampleTime(1) });
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await fence.current()).toEqual(before);
      expect(await fence.listDeletions()).toEqual([]);
    },
  },
  {
    name: 'every handle sees the generation that one of them takes, and is in the same place',
    run: async (context) => {
      await context.fence.take({ id: 'a', place: 'here' });
      const places = new Set<string>();
      for (const handle of await context.handles()) {
        expect((await handle.repositories.fence.current()).id).toBe('a');
        places.add(await handle.place());
      }
      expect(places.size).toBe(1);
    },
  },
  {
    name: 'a deletion is noted until it is forgotten, and not closed while it owns condemned digests',
    run: async ({ fence, objects }) => {
      const [first, second] = [
        { id: 'a', startedAt: sampleTime(2) },
        { id: 'b', startedAt: sampleTime(1) },
      ];
      await fence.addDeletion(second);
      await fence.addDeletion(first);
      const [open, closed] = [{ isClosed: false }, { isClosed: true }];
      expect(await fence.listDeletions()).toEqual([
        { ...first, ...open },
        { ...second, ...open },
      ]);
      await objects.condemn([sampleDigest(1)], { ...sampleCondemning, by: 'a' });
      expect(await fence.closeDeletion('a')).toBe(false);
      expect(await fence.closeDeletion('b')).toBe(true);
      expect(await fence.listDeletions()).toEqual([
        { ...first, ...open },
        { ...second, ...closed },
      ]);
      await objects.absolve([sampleDigest(1)], 'a');
      expect(await fence.closeDeletion('a')).toBe(true);
      expect(await fence.closeDeletion('unknown')).toBe(true);
      await fence.forgetDeletion('a');
      await fence.forgetDeletion('a');
      expect(await fence.listDeletions()).toEqual([{ ...second, ...closed }]);
    },
  },
];
