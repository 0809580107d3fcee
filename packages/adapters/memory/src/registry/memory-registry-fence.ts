import {
  type NextGeneration,
  type PendingDeletion,
  type RegistryFence,
  type RegistryGeneration,
  compareKeys,
} from '@holdfast/domain';
import type { MemorySession } from './memory-session.ts';

/** Generations and deletions of a registry in memory. */
export class MemoryRegistryFence implements RegistryFence {
  readonly #session: MemorySession;

  constructor(session: MemorySession) {
    this.#session = session;
  }

  current(): Promise<RegistryGeneration> {
    return this.#session.read('fence.current', ({ generations, registryId, place }) => ({
      id: generations.at(-1) ?? registryId,
      place,
    }));
  }

  take({ id, place, ancestors = [] }: NextGeneration): Promise<void> {
    return this.#session.write('fence.take', (tables) => {
      const before = new Set([...tables.generations, ...ancestors]);
      before.delete(id);
      tables.generations = [...before, id];
      tables.place = place;
    });
  }

  isAncestor(id: string): Promise<boolean> {
    return this.#session.read('fence.isAncestor', ({ generations, registryId }) => {
      const current = generations.at(-1) ?? registryId;
      return id !== current && (id === registryId || generations.includes(id));
    });
  }

  listGenerations(): Promise<readonly string[]> {
    return this.#session.read('fence.listGenerations', ({ generations, registryId }) => [
      ...new Set([registryId, ...generations]),
    ]);
  }

  addDeletion(deletion: Omit<PendingDeletion, 'isClosed'>): Promise<void> {
    return this.#session.write('fence.addDeletion', (tables) =>
      tables.deletions.set(deletion.id, Object.freeze({ ...deletion, isClosed: false })),
    );
  }

  listDeletions(): Promise<readonly PendingDeletion[]> {
    return this.#session.read('fence.listDeletions', ({ deletions }) =>
      [...deletions.values()].toSorted((a, b) => compareKeys(a.id, b.id)),
    );
  }

  closeDeletion(id: string): Promise<boolean> {
    return this.#session.write('fence.closeDeletion', (tables) => {
      if ([...tables.condemned.values()].some(({ by }) => by === id)) return false;
      const found = tables.deletions.get(id);
      if (found !== undefined) tables.deletions.set(id, Object.freeze({ ...found, isClosed: true }));
      return true;
    });
  }

  forgetDeletion(id: string): Promise<void> {
    return this.#session.write('fence.forgetDeletion', (tables) => {
      tables.deletions.delete(id);
    });
  }
}
