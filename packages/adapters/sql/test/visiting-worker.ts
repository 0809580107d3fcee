import { createInterface } from 'node:readline/promises';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { createModel } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

/** Tries what can be done with a registry where it lies: `visiting-worker.ts URL read|hasty|fill|watch|reserve`. Prints it as JSON. */
const [url = '', task = 'read'] = process.argv.slice(2);
const now = '2026-01-01T00:00:00.000Z';

if (task === 'watch') await watch();
else
  process.stdout.write(
    `${JSON.stringify(await (task === 'reserve' ? reserve() : visit()).catch(toFailure))}\n`,
  );

/** Looks again at each line of the input, with the same registry. */
async function watch(): Promise<void> {
  await using store = await SqlRegistryStore.open({ url });
  process.stdout.write(`${JSON.stringify(await namesIn(store))}\n`);
  for await (const _line of createInterface({ input: process.stdin }))
    process.stdout.write(`${JSON.stringify(await namesIn(store))}\n`);
}

async function reserve(): Promise<readonly number[]> {
  await using store = await SqlRegistryStore.open({ url });
  const numbers: number[] = [];
  while (numbers.length < 10) numbers.push(await store.repositories.models.reserveNumber('x'));
  return numbers;
}

async function namesIn({ repositories: { models } }: SqlRegistryStore): Promise<readonly string[]> {
  return (await models.listSummaries()).items.map(({ model }) => model.name).toSorted();
}

async function visit(): Promise<object> {
  await using store = await SqlRegistryStore.open({
    url,
    ...(task === 'hasty' ? { busyTimeoutMs: 50 } : {}),
  });
  const { models } = store.repositories;
  const failure =
    task === 'fill' ? await fill(store) : await models.reserveNumber('x').then(() => undefined, toFailure);
  return { readOnly: store.readOnly, names: await namesIn(store), failure };
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
