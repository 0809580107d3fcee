import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { createModel } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** Tries what can be done with a registry where it lies: `visiting-worker.ts URL read|fill`. Prints it as JSON. */
const [url = '', task = 'read'] = process.argv.slice(2);
const now = '2026-01-01T00:00:00.000Z';

process.stdout.write(JSON.stringify(await visit().catch(toFailure)));

async function visit(): Promise<object> {
  await using store = await SqlRegistryStore.open({ url });
  const { models } = store.repositories;
  const failure =
    task === 'fill' ? await fill(store) : await models.reserveNumber('x').then(() => undefined, toFailure);
  const names = (await models.listSummaries()).items.map(({ model }) => model.name).toSorted();
  return { readOnly: store.readOnly, names, failure };
}

/** Saves large models until the disk is full; each that was saved has to be there afterwards. */
async function fill({ repositories: { models } }: SqlRegistryStore): Promise<object> {
  for (let saved = 0; ; saved++) {
    try {
      const description = 'x'.repeat(100_000);
      await models.save(createModel({ id: `full-${saved}`, name: `full-${saved}`, description, now }));
    } catch (error) {
      return { ...toFailure(error), saved, counted: await models.count({ namePrefix: 'full-' }) };
    }
  }
}

function toFailure(error: unknown): { code: string; hint: string | undefined } {
  if (!StorageError.isInstance(error)) throw error;
  return { code: error.code, hint: error.hint };
}
