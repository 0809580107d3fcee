import { type ModelFilter, type Tags, VersionStatus } from '@holdfast/domain';
import { expect } from 'vitest';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleVersion } from './sample-records.ts';

/** What filters of models promise. */
export const modelFilterCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'models are filtered by a text in their name, whatever its case',
    run: async (context) => {
      await saveNamed(context, ['team/Fault-Classifier', 'team/fault-detector', 'other']);
      await expectNames(context, { nameContains: 'FAULT' }, ['team/Fault-Classifier', 'team/fault-detector']);
      await expectNames(context, { nameContains: 'Classifier' }, ['team/Fault-Classifier']);
      await expectNames(context, { nameContains: 'm/f' }, ['team/Fault-Classifier', 'team/fault-detector']);
      await expectNames(context, { nameContains: '' }, [
        'other',
        'team/Fault-Classifier',
        'team/fault-detector',
      ]);
      await expectNames(context, { nameContains: 'faults' }, []);
    },
  },
  {
    name: 'a text in a name is taken literally, wildcards and all',
    run: async (context) => {
      await saveNamed(context, ['a_b', 'axb', 'a.b', 'a-b']);
      await expectNames(context, { nameContains: 'a_b' }, ['a_b']);
      await expectNames(context, { nameContains: 'A_' }, ['a_b']);
      await expectNames(context, { nameContains: '.' }, ['a.b']);
      for (const nameContains of ['%', '\\', 'a%b', '*', '?', '[ab]', "'", '"', 'b\u0000', '\u0000', 'ä']) {
        await expectNames(context, { nameContains }, []);
      }
    },
  },
  {
    name: 'models are filtered by how their name begins, in its own case and literally',
    run: async (context) => {
      await saveNamed(context, ['team_a/x', 'team_a/y', 'teamXa/x', 'Team_a/x', 'team_a', 'x/team_a/']);
      await expectNames(context, { namePrefix: 'team_a/' }, ['team_a/x', 'team_a/y']);
      await expectNames(context, { namePrefix: 'team_a' }, ['team_a', 'team_a/x', 'team_a/y']);
      await expectNames(context, { namePrefix: 'Team' }, ['Team_a/x']);
      await expectNames(context, { namePrefix: 'team_a/x' }, ['team_a/x']);
      expect(await context.models.count({ namePrefix: '' })).toBe(6);
      for (const namePrefix of ['%', 'team%', '_', '\\', 'z', 'team_a/x/', '\u{10ffff}', "'"]) {
        await expectNames(context, { namePrefix }, []);
      }
    },
  },
  {
    name: 'models are filtered by all of several tags, keys and values exact',
    run: async (context) => {
      await saveTagged(context, 1, { task: 'vision', stage: 'gold' });
      await saveTagged(context, 2, { task: 'vision', stage: 'Gold' });
      await saveTagged(context, 3, { Task: 'vision' });
      await saveTagged(context, 4, { task: 'vision%', stage: '_old' });
      await expectNames(context, { tags: { task: 'vision' } }, ['model-1', 'model-2']);
      await expectNames(context, { tags: { task: 'vision', stage: 'gold' } }, ['model-1']);
      await expectNames(context, { tags: { task: 'vision%' } }, ['model-4']);
      await expectNames(context, { tags: { task: 'vision', missing: 'x' } }, []);
      await expectNames(context, { tags: {} }, ['model-1', 'model-2', 'model-3', 'model-4']);
    },
  },
  {
    name: 'tags with the strangest keys and values are found',
    run: async (context) => {
      const values = ["it's", '"', '', 'a\u0000b', 'a\u0000c', '🔩', '%', '1', 'null', 'x'.repeat(5_000)];
      for (const [index, value] of values.entries()) await saveTagged(context, index + 1, { value });
      for (const [index, value] of values.entries()) {
        await expectNames(context, { tags: { value } }, [`model-${index + 1}`]);
      }
      for (const key of ['__proto__', 'constructor', 'toString', 'a:b/c.d-e_f']) {
        await expectNames(context, { tags: { [key]: 'x' } }, []);
      }
      await saveTagged(context, 50, JSON.parse('{"__proto__":"x","constructor":"y"}') as Tags);
      await expectNames(context, { tags: JSON.parse('{"__proto__":"x"}') as Tags }, ['model-50']);
      await expectNames(context, { tags: { constructor: 'y' } }, ['model-50']);
    },
  },
  {
    name: 'a model is found by the tags of its newest version, not by those of others, nor by a mixture',
    run: async (context) => {
      const model = await saveTagged(context, 1, { owner: 'ann' });
      const first = await context.versions.save(sampleVersion(model, 1, { tags: { stage: 'old', a: '1' } }));
      const second = await context.versions.save(sampleVersion(model, 2, { tags: { stage: 'new', a: '1' } }));
      await context.versions.save(
        sampleVersion(model, 3, { tags: { stage: 'failed' }, status: VersionStatus.Failed }),
      );
      await expectNames(context, { tags: { stage: 'new', a: '1' } }, ['model-1']);
      await expectNames(context, { tags: { owner: 'ann' } }, ['model-1']);
      for (const tags of [{ stage: 'old' }, { stage: 'failed' }, { owner: 'ann', stage: 'new' }] as Tags[]) {
        await expectNames(context, { tags }, []);
      }
      await context.versions.save({ ...second, tags: { stage: 'newer' } });
      await expectNames(context, { tags: { stage: 'new' } }, []);
      await expectNames(context, { tags: { stage: 'newer' } }, ['model-1']);
      await context.versions.delete(second.id);
      await expectNames(context, { tags: { stage: 'old' } }, ['model-1']);
      await context.versions.delete(first.id);
      await expectNames(context, { tags: { stage: 'old' } }, []);
    },
  },
  {
    name: 'only models that match every given field of a filter are found and counted',
    run: async (context) => {
      await context.models.save(sampleModel(1, { name: 'team/Alpha', tags: { a: '1' } }));
      await context.models.save(sampleModel(2, { name: 'team/Beta', tags: { a: '1' } }));
      await context.models.save(sampleModel(3, { name: 'other/Alpha', tags: { a: '1' } }));
      await context.models.save(sampleModel(4, { name: 'team/Alpha2', tags: { a: '2' } }));
      const filter = { namePrefix: 'team/', nameContains: 'alpha', tags: { a: '1' } };
      await expectNames(context, filter, ['team/Alpha']);
    },
  },
];

async function saveNamed(context: RegistryCaseContext, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) await context.models.save(sampleModel(index + 1, { name }));
}

function saveTagged(context: RegistryCaseContext, number: number, tags: Tags) {
  return context.models.save(sampleModel(number, { tags }));
}

async function expectNames(
  { models }: RegistryCaseContext,
  filter: ModelFilter,
  names: readonly string[],
): Promise<void> {
  const shown = JSON.stringify(filter).slice(0, 100);
  const found = await models.findAll({ filter });
  expect(found.items.map(({ name }) => name).toSorted(), shown).toEqual(names.toSorted());
  const listed = await models.listSummaries({ filter });
  expect(listed.items.map(({ model }) => model.name).toSorted(), shown).toEqual(names.toSorted());
  expect(await models.count(filter), shown).toBe(names.length);
}
