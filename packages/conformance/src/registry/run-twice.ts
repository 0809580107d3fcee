import type { RegistryStore, Repositories } from '@holdfast/domain';

/** Ends the first run of a unit of work. */
class Undone extends Error {}

/** Runs a unit of work, undoes it, and runs it again, as a store does whose commit found that another one was first. */
export async function runTwice<T>(
  store: RegistryStore,
  work: (repositories: Repositories) => Promise<T>,
): Promise<T> {
  await store
    .unitOfWork(async (repositories) => {
      await work(repositories);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return store.unitOfWork(work);
}
