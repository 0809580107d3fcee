import {
  type Model,
  type ModelFilter,
  type ModelOrderField,
  type ModelRepository,
  type ModelSummary,
  type Page,
  type RepositoryQuery,
  summaryOfVersion,
} from '@holdfast/domain';
import { carriesTags } from './carries-tags.ts';
import { frozenModel } from './frozen-record.ts';
import { latestVersion, versionsOf } from './latest-version.ts';
import { aliasesOf } from './memory-alias-repository.ts';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { pageOf } from './page-of.ts';
import { registryErrors } from './registry-errors.ts';

type Query = RepositoryQuery<ModelFilter, ModelOrderField>;

/** The models of a registry in memory. */
export class MemoryModelRepository implements ModelRepository {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  save(model: Model): Promise<Model> {
    return this.#session.write('models.save', (tables) => {
      const stored = tables.models.get(model.id);
      if (model.revision === 0 && stored !== undefined) throw registryErrors.taken('models.save', model.name);
      if (model.revision !== (stored?.revision ?? 0)) throw registryErrors.stale('models.save', model.id);
      const holder = tables.modelIds.get(model.name);
      if (holder !== undefined && holder !== model.id) throw registryErrors.taken('models.save', model.name);
      if (stored !== undefined) rename(tables, stored.name, model.name);
      const saved = frozenModel({ ...model, revision: model.revision + 1 });
      tables.models.set(saved.id, saved);
      tables.modelIds.set(saved.name, saved.id);
      return saved;
    });
  }

  findById(id: string): Promise<Model | undefined> {
    return this.#session.read('models.findById', (tables) => tables.models.get(id));
  }

  findByName(name: string): Promise<Model | undefined> {
    return this.#session.read('models.findByName', (tables) =>
      tables.models.get(tables.modelIds.get(name) ?? ''),
    );
  }

  findAll(query: Query = {}): Promise<Page<Model>> {
    return this.#session.read('models.findAll', (tables) => findPage(tables, query, 'models.findAll'));
  }

  listSummaries(query: Query = {}): Promise<Page<ModelSummary>> {
    return this.#session.read('models.listSummaries', (tables) => {
      const page = findPage(tables, query, 'models.listSummaries');
      return { ...page, items: page.items.map((model) => summaryOf(tables, model)) };
    });
  }

  delete(id: string, revision?: number): Promise<boolean> {
    return this.#session.write('models.delete', (tables) => {
      const stored = tables.models.get(id);
      if (stored === undefined) return false;
      if (revision !== undefined && revision !== stored.revision)
        throw registryErrors.stale('models.delete', id);
      tables.modelIds.delete(stored.name);
      return tables.models.delete(id);
    });
  }

  exists(id: string): Promise<boolean> {
    return this.#session.read('models.exists', (tables) => tables.models.has(id));
  }

  count(filter?: ModelFilter): Promise<number> {
    return this.#session.read('models.count', (tables) => matching(tables, filter).length);
  }

  reserveNumber(name: string): Promise<number> {
    return this.#session.write('models.reserveNumber', (tables) => {
      const number = (tables.counters.get(name) ?? 0) + 1;
      tables.counters.set(name, number);
      return number;
    });
  }
}

/** A renamed model goes on counting where it was. */
function rename(tables: MemoryTables, from: string, to: string): void {
  if (from === to) return;
  tables.modelIds.delete(from);
  const last = Math.max(tables.counters.get(from) ?? 0, tables.counters.get(to) ?? 0);
  if (last > 0) tables.counters.set(to, last);
}

function findPage(tables: MemoryTables, query: Query, operation: string): Page<Model> {
  const { filter, order, limit, after } = query;
  const field = order?.field;
  return pageOf(matching(tables, filter), {
    operation,
    limit,
    after,
    orderName: `${field ?? 'id'} ${order?.direction ?? 'ascending'}`,
    descending: order?.direction === 'descending',
    valuesOf: (model) => (field === undefined ? [model.id] : [model[field], model.id]),
  });
}

function matching(tables: MemoryTables, filter: ModelFilter = {}): readonly Model[] {
  const { nameContains, namePrefix, tags } = filter;
  const contained = nameContains === undefined ? undefined : lowerAscii(nameContains);
  return [...tables.models.values()].filter((model) => {
    if (contained !== undefined && !lowerAscii(model.name).includes(contained)) return false;
    if (namePrefix !== undefined && !model.name.startsWith(namePrefix)) return false;
    if (tags === undefined || carriesTags(model.tags, tags)) return true;
    return carriesTags(latestVersion(tables, model.id)?.tags ?? {}, tags);
  });
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function summaryOf(tables: MemoryTables, model: Model): ModelSummary {
  const latest = latestVersion(tables, model.id);
  return {
    model,
    versionCount: versionsOf(tables, model.id).length,
    aliases: aliasesOf(tables, model.id).map(({ name, number }) => ({ name, number })),
    ...(latest === undefined ? {} : { latest: summaryOfVersion(latest) }),
  };
}
