import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = `
  import { registerHooks } from 'node:module';
  const asked = new Set();
  registerHooks({ resolve: (name, context, next) => (asked.add(name), next(name, context)) });
  const { SqlRegistryStore, DatabaseStorageAdapter } = await import('@holdfast/adapter-sql');
  await using registry = await SqlRegistryStore.open({ url: 'sqlite::memory:' });
  await registry.unitOfWork(({ models }) => models.count());
  await using adapter = new DatabaseStorageAdapter({ url: 'postgres://host/database' });
  const before = asked.has('pg');
  await import('pg');
  console.log(JSON.stringify([asked.has('kysely'), before, asked.has('pg')]));
`;

test('whoever uses SQLite does not wait for the driver of PostgreSQL to load', async () => {
  const parameters = ['--conditions=@holdfast/source', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual([true, false, true]);
});
