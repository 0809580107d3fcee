import type { RegistryStore } from '@holdfast/domain';
import { overriding } from './overriding.ts';

class Undone extends Error {}

/** A registry whose every unit of work is run, undone and run again: what uses it must not count on one run. */
export function runningTwice(registry: RegistryStore): RegistryStore {
  return overriding(registry, {
    unitOfWork: async (work) => {
      const first = registry.unitOfWork(async (repositories) => {
        await work(repositories);
        throw new Undone();
      });
      await first.catch((error: unknown) => {
        if (!(error instanceof Undone)) throw error;
      });
      return registry.unitOfWork(work);
    },
  });
}
