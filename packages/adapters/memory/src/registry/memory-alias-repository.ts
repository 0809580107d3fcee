import {
  type Alias,
  type AliasChange,
  type AliasMove,
  type AliasRepository,
  compareKeys,
} from '@holdfast/domain';
import type { MemorySession } from './memory-session.ts';
import type { MemoryTables } from './memory-tables.ts';
import { registryErrors } from './registry-errors.ts';

/** The aliases of all models of a registry in memory. */
export class MemoryAliasRepository implements AliasRepository {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  find(modelId: string, name: string): Promise<Alias | undefined> {
    return this.#session.read('aliases.find', (tables) => tables.aliases.get(modelId)?.get(name)?.alias);
  }

  findByModel(modelId: string): Promise<readonly Alias[]> {
    return this.#session.read('aliases.findByModel', (tables) => aliasesOf(tables, modelId));
  }

  findByVersion(modelId: string, number: number): Promise<readonly Alias[]> {
    return this.#session.read('aliases.findByVersion', (tables) =>
      aliasesOf(tables, modelId).filter((alias) => alias.number === number),
    );
  }

  move(change: AliasChange): Promise<Alias | undefined> {
    const { modelId, name, to, expectedRevision, now, by } = change;
    return this.#session.write('aliases.move', (tables) => {
      const entries = tables.aliases.get(modelId);
      const stored = entries?.get(name);
      const from = stored?.alias?.number;
      if ((stored?.alias?.revision ?? 0) !== expectedRevision)
        throw registryErrors.stale('aliases.move', name);
      if (from === undefined && to === undefined) return undefined;
      const revision = (stored?.revision ?? 0) + 1;
      const alias =
        to === undefined ? undefined : Object.freeze({ modelId, name, number: to, revision, updatedAt: now });
      const moved: AliasMove = Object.freeze({
        modelId,
        name,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        at: now,
        ...(by === undefined ? {} : { by }),
      });
      const entry = { alias, revision, history: [...(stored?.history ?? []), moved] };
      tables.aliases.set(modelId, new Map([...(entries ?? []), [name, entry]]));
      return alias;
    });
  }

  findHistory(modelId: string, name: string): Promise<readonly AliasMove[]> {
    return this.#session.read('aliases.findHistory', (tables) => [
      ...(tables.aliases.get(modelId)?.get(name)?.history ?? []),
    ]);
  }
}

/** The aliases of a model, sorted by name. */
export function aliasesOf(tables: MemoryTables, modelId: string): readonly Alias[] {
  const entries = [...(tables.aliases.get(modelId)?.values() ?? [])];
  return entries.flatMap(({ alias }) => alias ?? []).toSorted((a, b) => compareKeys(a.name, b.name));
}
