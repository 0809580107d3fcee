import {
  type RegistryStoreBreakage,
  type SampleRecord,
  breakRegistryStore,
  failingRegistryCases,
} from '@holdfast/conformance';
import type {
  Entity,
  FieldCondition,
  RecordCollection,
  RecordDescriptor,
  Repositories,
  SeriesCollection,
} from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { MemoryRegistryRecords } from './memory-registry-records.ts';
import { MemoryRegistryStore } from './memory-registry-store.ts';

type Records = RecordCollection<Entity, string>;

/** A store whose collections of records do something else. */
function records(
  change: (
    good: Records,
    descriptor: RecordDescriptor<Entity>,
    repositories: Repositories,
  ) => Partial<Records>,
): RegistryStoreBreakage {
  return {
    repositories: (repositories) => ({
      records: {
        of: (descriptor) => {
          const good = repositories.records.of(descriptor);
          const any = good as unknown as Records;
          const changes = change(any, descriptor, repositories);
          return overlay(any, changes) as unknown as typeof good;
        },
      },
    }),
  };
}

/** A store whose series do something else. */
function series(change: (good: SeriesCollection) => Partial<SeriesCollection>): RegistryStoreBreakage {
  return {
    repositories: (repositories) => ({
      series: {
        of: (descriptor) => {
          const good = repositories.series.of(descriptor);
          return overlay(good as SeriesCollection, change(good as SeriesCollection)) as typeof good;
        },
      },
    }),
  };
}

function overlay<T extends object>(good: T, changes: Partial<T>): T {
  return new Proxy(good, {
    get: (target, name) => {
      const source = Object.hasOwn(changes, name) ? changes : target;
      const value: unknown = Reflect.get(source, name, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}

const kept =
  'a record keeps every double, integer of 64 bits, well-formed text and form of data, and is found by it';
const anyListing =
  'whatever the filter, order and page size, the pages hold every record that meets it, once, in order';

const brokenStores: readonly (RegistryStoreBreakage & {
  readonly flaw: string;
  readonly noticedBy: readonly string[];
})[] = [
  {
    flaw: 'keeps records as plain JSON',
    ...records((good) => ({
      save: (record) => {
        const plain = JSON.stringify(record, (_, value: unknown) =>
          typeof value === 'bigint' ? Number(value) : value,
        );
        return good.save(JSON.parse(plain) as Entity);
      },
    })),
    noticedBy: [kept],
  },
  {
    flaw: 'saves whatever the revision',
    ...records((good) => ({
      save: async (record) =>
        good.save({ ...record, revision: (await good.findById(record.id))?.revision ?? 0 }),
    })),
    noticedBy: ['a record of an older or a future revision is refused, and the stored one stays'],
  },
  {
    flaw: 'takes no part in what is unique',
    ...records((good) => ({
      save: (record) => {
        const { title, ...others } = record as SampleRecord;
        return good.save({ ...others, ...(title === 'one' ? {} : { title }) });
      },
    })),
    noticedBy: ['two records share no unique values, and a record that lacks one shares nothing'],
  },
  {
    flaw: 'leaves what is absent out of an ordered listing',
    ...records((good) => ({
      findAll: async (query) => {
        const page = await good.findAll(query);
        const field = query?.order?.field ?? 'score';
        return { ...page, items: page.items.filter((item) => (item as never)[field] !== undefined) };
      },
    })),
    noticedBy: [
      'numbers are ordered as −∞, numbers, ∞, NaN and none, the other way round when descending, and pages end anywhere',
      anyListing,
    ],
  },
  {
    flaw: 'leaves the ends out of a range',
    ...records((good) => ({
      findAll: (query) => {
        const { score } = (query?.filter ?? {}) as { readonly score?: FieldCondition };
        const isRange = typeof score === 'object' && score !== null && 'from' in score;
        if (!isRange || typeof score.from !== 'number') return good.findAll(query);
        return good.findAll({ ...query, filter: { score: { ...score, from: score.from + 1e-9 } } });
      },
    })),
    noticedBy: [
      'numbers are ordered as −∞, numbers, ∞, NaN and none, the other way round when descending, and pages end anywhere',
    ],
  },
  {
    flaw: 'takes the beginning of an id for a whole id',
    ...records((good) => ({
      findAll: (query) => {
        const { id } = (query?.filter ?? {}) as { readonly id?: FieldCondition };
        const isPrefix = typeof id === 'object' && id !== null && 'startsWith' in id;
        return good.findAll(isPrefix ? { ...query, filter: { id: id.startsWith } } : query);
      },
    })),
    noticedBy: ['records are found by their id, and by its beginning'],
  },
  {
    flaw: 'does not note what records refer to',
    ...records((good, { kind }, { objects }) => ({
      save: async (record) => {
        const saved = await good.save(record);
        await objects.deleteReferences({ kind, id: record.id });
        return saved;
      },
    })),
    noticedBy: [
      'what a record names is needed from its save on, until it is saved without it or removed',
      'what only a record names is held, listed as needed and found lost as what a version needs is',
    ],
  },
  {
    flaw: 'keeps references of records that are gone',
    ...records((good, { kind }, { objects }) => ({
      delete: async (id, revision) => {
        const digests = await objects.findReferences({ kind, id });
        const isDeleted = await good.delete(id, revision);
        await objects.addReferences({ kind, id }, digests);
        return isDeleted;
      },
    })),
    noticedBy: ['what a record names is needed from its save on, until it is saved without it or removed'],
  },
  {
    flaw: 'lets records name what is about to be deleted',
    ...records((good, { kind }, { objects }) => ({
      save: async (record) => {
        const { needs } = record as SampleRecord;
        if (needs === undefined) return good.save(record);
        const saved = await good.save({ ...record, needs: [] } as Entity);
        await objects.addReferences({ kind, id: record.id }, needs);
        return { ...saved, needs } as Entity;
      },
    })),
    noticedBy: [
      'a record that names what is about to be deleted is refused, and neither it nor what else it names is noted',
    ],
  },
  {
    flaw: 'remembers a first run of a unit of work that is run again',
    ...(() => {
      const seen = new Set<string>();
      return records((good) => ({
        save: async (record) => {
          const key = JSON.stringify([record.id, record.revision]);
          if ((record as SampleRecord).title === 'two' && seen.has(key)) return record;
          seen.add(key);
          return good.save(record);
        },
      }));
    })(),
    noticedBy: ['a unit of work that is run twice leaves what one run leaves'],
  },
  {
    flaw: 'leaves records out of archives',
    repositories: ({ archive }) => ({
      archive: {
        list: (kind, query) =>
          kind === 'record' ? Promise.resolve({ items: [] }) : archive.list(kind, query),
      },
    }),
    noticedBy: [
      'archives of records of every kind, their series and references come to the same registry, whatever the page size',
    ],
  },
  {
    flaw: 'appends points to no record',
    ...series((good) => ({ append: (owner, points) => good.append(owner, points).catch(() => undefined) })),
    noticedBy: [
      'points of no record are refused, and go with their record',
      'points that no database can keep alike are refused, with all others of their batch',
    ],
  },
  {
    flaw: 'counts NaN as the best',
    ...series((good) => ({
      findBest: async (key, query) => [
        ...(query.direction === 'ascending' ? [] : [{ owner: 'nan', value: Number.NaN }]),
        ...(await good.findBest(key, query)),
      ],
    })),
    noticedBy: [
      'owners are ranked by the last, least or greatest of a series, without NaN, and only those that meet the filter',
    ],
  },
  {
    flaw: 'keeps the summary of what was pruned',
    ...series((good) => {
      return {
        prune: async (owner, options) => {
          const before = await good.summarize(owner);
          const points = before.map(({ key, last }) => ({ key, ...last }));
          const count = await good.prune(owner, options);
          if (options.before < 1_000) await good.append(owner, points.slice(0, 1));
          return count;
        },
      };
    }),
    noticedBy: ['whatever is appended and pruned, a summary is that of the points which are left'],
  },
];

describe('the kit notices a registry', () => {
  test.each(brokenStores)('that $flaw', async ({ noticedBy, ...breakage }) => {
    const createStore = () => {
      const shared = new MemoryRegistryRecords();
      return { open: () => breakRegistryStore(new MemoryRegistryStore({ records: shared }), breakage) };
    };
    expect(await failingRegistryCases({ createStore }, noticedBy)).toEqual(noticedBy);
  });
});
