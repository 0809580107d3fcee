import {
  type RegistryHarness,
  type RegistryStoreBreakage,
  type RepositoriesBreakage,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import type { Model, ModelFilter, ModelSummary, ModelVersion, Page, Repositories } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

/** A store that breaks promises, and cases that have to notice. */
interface BrokenStore extends RegistryStoreBreakage {
  readonly flaw: string;
  readonly noticedBy: readonly string[];
}

const anyVersions = async ({ versions }: Repositories, modelId: string): Promise<readonly ModelVersion[]> =>
  (await versions.findAll({ filter: { modelId } })).items;

async function relisted(
  good: Repositories,
  change: (summary: ModelSummary) => Promise<ModelSummary>,
  query = {},
) {
  const page = await good.models.listSummaries(query);
  return { ...page, items: await Promise.all(page.items.map(change)) };
}

function withoutFilter(key: keyof ModelFilter, change: (value: string) => string) {
  return ({ models }: Repositories): RepositoriesBreakage => ({
    models: {
      findAll: (query = {}) => {
        const value = query.filter?.[key];
        if (typeof value !== 'string') return models.findAll(query);
        return models.findAll({ ...query, filter: { ...query.filter, [key]: change(value) } });
      },
    },
  });
}

const pagedByOffset = ({ models }: Repositories): RepositoriesBreakage => ({
  models: {
    findAll: async ({ after, limit, ...query } = {}) => {
      const { items } = await models.findAll(query);
      const start = after === undefined ? 0 : Buffer.from(after, 'hex').readUInt32BE();
      const page = items.slice(start, limit === undefined ? undefined : start + limit);
      const end = start + page.length;
      const next = Buffer.alloc(4);
      next.writeUInt32BE(end);
      return end < items.length ? { items: page, next: next.toString('hex') } : { items: page };
    },
  },
});

const brokenStores: readonly BrokenStore[] = [
  {
    flaw: 'pages by offset',
    repositories: pagedByOffset,
    noticedBy: [
      'pages of models, by name ascending, neither repeat nor miss one when others come and go behind the cursor',
      'a page of models has at least one item, and begins only where another page of the same order ended',
    ],
  },
  {
    flaw: 'goes on after a page with the next time, not the next record',
    repositories: ({ versions }) => ({
      versions: {
        findAll: async (query = {}) => {
          const { after, limit, ...rest } = query;
          const ordered = (await versions.findAll(rest)).items;
          if (query.order?.field !== 'createdAt') return versions.findAll(query);
          const left = ordered.filter(({ createdAt }) => after === undefined || createdAt > after);
          const items = left.slice(0, limit);
          const next = items.at(-1)?.createdAt;
          return items.length === left.length || next === undefined ? { items } : { items, next };
        },
      },
    }),
    noticedBy: ['pages of versions hold every one once, by createdAt ascending, whatever their size'],
  },
  {
    flaw: 'minds case when it looks for a text in names',
    repositories: ({ models }) => ({
      models: {
        findAll: async (query = {}) => {
          const page = await models.findAll(query);
          return {
            ...page,
            items: page.items.filter(({ name }) => name.includes(query.filter?.nameContains ?? '')),
          };
        },
      },
    }),
    noticedBy: ['models are filtered by a text in their name, whatever its case'],
  },
  {
    flaw: 'takes text in names as a pattern',
    repositories: withoutFilter('nameContains', (value) => value.replaceAll(/[%_].*/g, '')),
    noticedBy: ['a text in a name is taken literally, wildcards and all'],
  },
  {
    flaw: 'ignores prefixes',
    repositories: withoutFilter('namePrefix', () => ''),
    noticedBy: [
      'models are filtered by how their name begins, in its own case and literally',
      'only models that match every given field of a filter are found and counted',
    ],
  },
  {
    flaw: 'orders names by locale',
    repositories: ({ models }) => ({
      models: {
        findAll: async (query = {}) => {
          const page = await models.findAll(query);
          if (query.order?.field !== 'name') return page;
          const sign = query.order.direction === 'ascending' ? 1 : -1;
          return { ...page, items: page.items.toSorted((a, b) => sign * a.name.localeCompare(b.name)) };
        },
      },
    }),
    noticedBy: ['models are ordered by the UTF-8 bytes of their names'],
  },
  {
    flaw: 'orders numbers as text',
    repositories: ({ versions }) => ({
      versions: {
        findAll: async ({ limit, after, ...query } = {}) => {
          const page = await versions.findAll({
            ...query,
            ...(limit === undefined ? {} : { limit }),
            ...(after === undefined ? {} : { after }),
          });
          if (query.order?.field !== 'number' || limit !== undefined) return page;
          return {
            ...page,
            items: page.items.toSorted((a, b) => (String(a.number) < String(b.number) ? -1 : 1)),
          };
        },
      },
    }),
    noticedBy: ['pages of versions hold every one once, by number ascending, whatever their size'],
  },
  {
    flaw: 'says that there is a next page after the last one',
    repositories: ({ models }) => ({
      models: {
        findAll: async (query = {}) => {
          const page: Page<Model> = await models.findAll(query);
          return query.limit === page.items.length ? { ...page, next: page.next ?? 'more' } : page;
        },
      },
    }),
    noticedBy: ['pages of models hold every one once, by name descending, whatever their size'],
  },
  {
    flaw: 'caps pages at 1,000',
    repositories: ({ versions }) => ({
      versions: {
        findAll: (query = {}) => versions.findAll({ ...query, limit: Math.min(query.limit ?? 1_000, 1_000) }),
      },
    }),
    noticedBy: ['a page of versions without a limit holds all of 1,100, and pages of 1,000 come to the same'],
  },
  {
    flaw: 'finds models by tags of any version',
    repositories: (good) => ({
      models: {
        count: async (filter = {}) => {
          if (filter.tags === undefined) return good.models.count(filter);
          const { items } = await good.versions.findAll({ filter: { tags: filter.tags } });
          return new Set(items.map(({ modelId }) => modelId)).size || good.models.count(filter);
        },
      },
    }),
    noticedBy: [
      'a model is found by the tags of its newest version, not by those of others, nor by a mixture',
    ],
  },
  {
    flaw: "finds tags of objects' prototypes",
    repositories: ({ models }) => ({
      models: {
        findAll: ({ filter, ...query } = {}) => {
          const tags = Object.entries(filter?.tags ?? {}).filter(([key]) => key !== '__proto__');
          return models.findAll({ ...query, filter: { ...filter, tags: Object.fromEntries(tags) } });
        },
      },
    }),
    noticedBy: ['tags with the strangest keys and values are found'],
  },
  {
    flaw: 'finds names of any case',
    repositories: ({ models }) => ({
      models: {
        findByName: async (name) =>
          (await models.findAll()).items.find((model) => model.name.toLowerCase() === name.toLowerCase()),
      },
    }),
    noticedBy: ['a model is found by its whole name in its own case'],
  },
  {
    flaw: 'lists the version that was made last as the newest',
    repositories: (good) => ({
      models: {
        listSummaries: (query) =>
          relisted(
            good,
            async (summary) => {
              const [newest] = (await anyVersions(good, summary.model.id)).toSorted((a, b) =>
                a.createdAt < b.createdAt ? 1 : -1,
              );
              return newest === undefined ? summary : { ...summary, latest: newest };
            },
            query,
          ),
      },
      versions: {
        findLatest: async (id) =>
          (await anyVersions(good, id)).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0],
      },
    }),
    noticedBy: [
      'the newest version listed is the ready or deprecated one with the greatest number',
      'the newest version is the ready or deprecated one with the greatest number',
      'after any history the listing is what the records say',
    ],
  },
  {
    flaw: 'lists only the versions that can be used',
    repositories: (good) => ({
      models: {
        listSummaries: (query) =>
          relisted(
            good,
            async (summary) => {
              const versions = await anyVersions(good, summary.model.id);
              return { ...summary, versionCount: versions.filter(({ status }) => status === 'ready').length };
            },
            query,
          ),
      },
    }),
    noticedBy: ['after any history the listing is what the records say'],
  },
  {
    flaw: 'lists aliases as they were made',
    repositories: (good) => ({
      models: {
        listSummaries: (query) =>
          relisted(good, async (summary) => ({ ...summary, aliases: summary.aliases.toReversed() }), query),
      },
    }),
    noticedBy: ['aliases are listed sorted by name, as they are now'],
  },
];

function harnessOf(breakage: RegistryStoreBreakage): RegistryHarness {
  return {
    createStore: () => {
      const records = new MemoryRegistryRecords();
      return { open: () => breakRegistryStore(new MemoryRegistryStore({ records }), breakage) };
    },
    propertyRuns: 30,
  };
}

describe('the kit for registries, on listings', () => {
  test.each(brokenStores)('notices a store that $flaw', async (broken) => {
    const failing = await failingRegistryCases(harnessOf(broken), broken.noticedBy);
    expect(failing.toSorted()).toEqual(broken.noticedBy.toSorted());
  });
});
