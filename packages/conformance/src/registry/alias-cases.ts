import type { AliasChange } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { countSuccesses, expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleId, sampleTime } from './sample-records.ts';

const modelId = sampleId(1);

function change(
  to: number | undefined,
  expectedRevision: number,
  other: Partial<AliasChange> = {},
): AliasChange {
  return { modelId, name: 'champion', to, expectedRevision, now: sampleTime(expectedRevision), ...other };
}

/** What aliases promise. */
export const aliasCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'an alias is made, moved, and found as it is now',
    run: async ({ aliases }) => {
      expect(await aliases.find(modelId, 'champion')).toBeUndefined();
      const made = await aliases.move(change(3, 0));
      expect(made).toEqual({ modelId, name: 'champion', number: 3, revision: 1, updatedAt: sampleTime(0) });
      expect(await aliases.find(modelId, 'champion')).toEqual(made);
      const moved = await aliases.move(change(4, 1));
      expect(moved).toEqual({ modelId, name: 'champion', number: 4, revision: 2, updatedAt: sampleTime(1) });
      expect(await aliases.find(modelId, 'champion')).toEqual(moved);
    },
  },
  {
    name: 'the history of an alias names who moved it, as far as it is known',
    run: async ({ aliases, store, archive }) => {
      await aliases.move(change(3, 0, { by: 'ana' }));
      await aliases.move(change(4, 1));
      await store.unitOfWork((work) => work.aliases.move(change(undefined, 2, { by: 'Bär 🔩' })));
      const history = await aliases.findHistory(modelId, 'champion');
      expect(history.map((move) => move.by)).toEqual(['ana', undefined, 'Bär 🔩']);
      expect(history[1]).not.toHaveProperty('by');
      const { items } = await archive.list('alias');
      expect(items).toMatchObject([{ moves: [{ by: 'ana' }, { from: 3, to: 4 }, { by: 'Bär 🔩' }] }]);
    },
  },
  {
    name: 'aliases of other models and names, also by case, are others',
    run: async ({ aliases }) => {
      await aliases.move(change(1, 0));
      await aliases.move(change(2, 0, { name: 'Champion' }));
      await aliases.move(change(3, 0, { modelId: sampleId(2) }));
      expect((await aliases.find(modelId, 'champion'))?.number).toBe(1);
      expect((await aliases.find(modelId, 'Champion'))?.number).toBe(2);
      expect((await aliases.find(sampleId(2), 'champion'))?.number).toBe(3);
      expect(await aliases.find(modelId, 'champ')).toBeUndefined();
    },
  },
  {
    name: 'a move that expects another revision is refused, and nothing is noted',
    run: async ({ aliases }) => {
      for (const revision of [1, 2])
        await expectRefusal(aliases.move(change(1, revision)), StorageErrorCode.PreconditionFailed);
      expect(await aliases.findHistory(modelId, 'champion')).toEqual([]);
      await aliases.move(change(1, 0));
      const moved = await aliases.move(change(2, 1));
      for (const revision of [0, 1, 3]) {
        await expectRefusal(aliases.move(change(9, revision)), StorageErrorCode.PreconditionFailed);
        await expectRefusal(aliases.move(change(undefined, revision)), StorageErrorCode.PreconditionFailed);
      }
      expect(await aliases.find(modelId, 'champion')).toEqual(moved);
      expect(await aliases.findHistory(modelId, 'champion')).toHaveLength(2);
    },
  },
  {
    name: 'a removed alias is gone',
    run: async ({ aliases }) => {
      await aliases.move(change(1, 0));
      expect(await aliases.move(change(undefined, 1))).toBeUndefined();
      expect(await aliases.find(modelId, 'champion')).toBeUndefined();
      expect(await aliases.findByModel(modelId)).toEqual([]);
      expect(await aliases.findByVersion(modelId, 1)).toEqual([]);
      await expectRefusal(aliases.move(change(2, 1)), StorageErrorCode.PreconditionFailed);
      await expectRefusal(aliases.move(change(2, 2)), StorageErrorCode.PreconditionFailed);
    },
  },
  {
    name: 'no revision of an alias is used twice, not even after removals',
    run: async ({ aliases }) => {
      const used: number[] = [];
      for (let round = 0; round < 3; round++) {
        const made = await aliases.move(change(1, 0));
        const moved = await aliases.move(change(2, made?.revision ?? 0));
        used.push(made?.revision ?? 0, moved?.revision ?? 0);
        await aliases.move(change(undefined, moved?.revision ?? 0));
      }
      expect(new Set(used).size).toBe(6);
      expect(used).toEqual(used.toSorted((a, b) => a - b));
      const again = await aliases.move(change(1, 0));
      for (const old of used)
        await expectRefusal(aliases.move(change(9, old)), StorageErrorCode.PreconditionFailed);
      expect((await aliases.find(modelId, 'champion'))?.revision).toBe(again?.revision);
    },
  },
  {
    name: 'every move of an alias is in its history, oldest first, removals too',
    run: async ({ aliases }) => {
      await aliases.move(change(1, 0, { now: sampleTime(50) }));
      await aliases.move(change(2, 1, { now: sampleTime(40) }));
      await aliases.move(change(undefined, 2, { now: sampleTime(30) }));
      await aliases.move(change(5, 0, { now: sampleTime(20) }));
      await aliases.move(change(1, 0, { name: 'other' }));
      const alias = { modelId, name: 'champion' };
      expect(await aliases.findHistory(modelId, 'champion')).toEqual([
        { ...alias, to: 1, at: sampleTime(50) },
        { ...alias, from: 1, to: 2, at: sampleTime(40) },
        { ...alias, from: 2, at: sampleTime(30) },
        { ...alias, to: 5, at: sampleTime(20) },
      ]);
      expect(Object.keys((await aliases.findHistory(modelId, 'champion'))[0] ?? {})).not.toContain('from');
      expect(await aliases.findHistory(modelId, 'nobody')).toEqual([]);
    },
  },
  {
    name: 'the aliases of a model and of a version are sorted by the bytes of their names',
    run: async ({ aliases }) => {
      const sorted = ['-', '0', 'B', 'Z', '_', 'a', 'a-b', 'a.b', 'ab', 'b'];
      for (const [index, name] of sorted.toReversed().entries())
        await aliases.move(change(1 + (index % 2), 0, { name }));
      await aliases.move(change(1, 0, { modelId: sampleId(2), name: 'foreign' }));
      expect((await aliases.findByModel(modelId)).map(({ name }) => name)).toEqual(sorted);
      const ofFirst = sorted.filter((_, index) => index % 2 === 1);
      expect((await aliases.findByVersion(modelId, 1)).map(({ name }) => name)).toEqual(ofFirst);
      expect(await aliases.findByVersion(modelId, 3)).toEqual([]);
      expect(await aliases.findByModel('nobody')).toEqual([]);
    },
  },
  {
    name: 'of eight who move an alias from one revision at once, one wins',
    run: async (context) => {
      const handles = await context.handles();
      await context.aliases.move(change(100, 0));
      for (let revision = 1; revision <= 5; revision++) {
        const works = Array.from({ length: 8 }, async (_, worker) =>
          handles[worker % handles.length]?.repositories.aliases.move(change(worker + 1, revision)),
        );
        expect(await countSuccesses(works, StorageErrorCode.PreconditionFailed)).toBe(1);
        expect((await context.aliases.find(modelId, 'champion'))?.revision).toBe(revision + 1);
      }
      expect(await context.aliases.findHistory(modelId, 'champion')).toHaveLength(6);
    },
  },
  {
    name: 'of eight who make an alias at once, one wins',
    run: async (context) => {
      const handles = await context.handles();
      const works = Array.from({ length: 8 }, async (_, worker) =>
        handles[worker % handles.length]?.repositories.aliases.move(change(worker + 1, 0)),
      );
      expect(await countSuccesses(works, StorageErrorCode.PreconditionFailed)).toBe(1);
      expect(await context.aliases.findByModel(modelId)).toHaveLength(1);
    },
  },
];
