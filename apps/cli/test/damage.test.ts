import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { flipBit } from './support/flip-bit.ts';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

interface Verified {
  readonly isIntact: boolean;
  readonly objectCount: number;
  readonly affected: readonly string[];
  readonly findings: readonly { readonly state: string }[];
}

async function prepared(valueCount: number): Promise<{ holdfast: Holdfast; bytes: Buffer; store: string }> {
  const holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  const bytes = safetensorsFile(valueCount);
  holdfast.write('weights.safetensors', bytes);
  holdfast.write('other.safetensors', safetensorsFile(valueCount, 9));
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm']);
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'twin']);
  await holdfast.succeed(['put', 'other.safetensors', '--name', 'healthy']);
  return { holdfast, bytes, store: holdfast.path('.holdfast', 'store') };
}

function dataFileOf(holdfast: Holdfast, bytes: Buffer): string {
  const root = join(holdfast.folder, '..');
  const paths = holdfast.files().filter((path) => path.includes('/store/data/'));
  const found = paths.find((path) => readFileSync(join(root, path)).equals(bytes));
  return join(root, found ?? 'not found');
}

test('a bit flipped in the registry is found, named, and repaired from the manifest', async () => {
  const { holdfast } = await prepared(100);
  using _ = holdfast;
  await holdfast.succeed(['put', 'other.safetensors', '--name', 'measured', '--metric', 'accuracy=0.97123']);
  flipBit(holdfast.path('.holdfast', 'registry.db'), Buffer.from('0.97123'));
  const verify = await holdfast.run(['verify']);
  expect(verify.exitCode).toBe(6);
  expect(verify.stdout).toContain('holdfast verify --repair-records');
  expect(verify.stderr).toContain('1 record of the registry is not as written.\n  Affected: measured:1');
  const again = await holdfast.run(['verify', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    isIntact: false,
    affected: ['measured:1'],
    findings: [{ state: 'damaged', affected: [{ part: 'registry' }] }],
  });
  expect((await holdfast.run(['tag', 'measured', 'a=b'])).exitCode).toBe(6);
  const repaired = await holdfast.succeed(['verify', '--repair-records']);
  expect(repaired.stderr).toContain('1 record of the registry repaired from manifests.');
  expect(await holdfast.json(['show', 'measured'])).toMatchObject({ metrics: { accuracy: 0.97123 } });
  await holdfast.succeed(['verify']);
});

test.each([
  ['a data file', 6_000],
  ['the index', 100],
])('a bit flipped in %s is found, named, never delivered, and repaired', async (place, valueCount) => {
  const { holdfast, bytes, store } = await prepared(valueCount);
  using _ = holdfast;
  const path = place === 'the index' ? join(store, 'index.db') : dataFileOf(holdfast, bytes);
  flipBit(path, bytes.subarray(200, 264));

  const verify = await holdfast.run(['verify', '--json']);
  expect(verify.exitCode).toBe(6);
  const verified = JSON.parse(verify.stdout) as Verified;
  expect(verified).toMatchObject({
    isIntact: false,
    affected: ['m:1', 'twin:1'],
    findings: [{ state: 'damaged' }],
  });
  const told = await holdfast.run(['verify']);
  expect(told).toMatchObject({ exitCode: 6 });
  expect(told.stdout).toMatch(
    /\ndamaged  [0-9a-f]{12}  .*  default  m:1, twin:1\n  → put the same file again: that rewrites it\n$/,
  );
  expect(told.stderr).toContain('Affected: m:1, twin:1');

  expect((await holdfast.run(['verify', 'm'])).exitCode).toBe(6);
  expect((await holdfast.run(['verify', 'healthy'])).exitCode).toBe(0);
  const before = holdfast.files();
  const get = await holdfast.run(['get', 'm', '-o', 'copy']);
  expect(get.exitCode).toBe(6);
  expect(get.stderr).toContain('damaged');
  expect(holdfast.files()).toEqual(before);
  expect((await holdfast.run(['get', 'm', '-o', '-'])).exitCode).toBe(6);
  expect((await holdfast.succeed(['show', 'm'])).stdout).toContain('damaged, found');

  const repaired = await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm']);
  expect(repaired.stderr).not.toContain('nothing was written twice');
  await holdfast.succeed(['verify']);
  expect((await holdfast.succeed(['get', 'twin:1', '-o', '-'])).stdoutBytes.equals(bytes)).toBe(true);
});

test('a data file that is gone is found too', async () => {
  const { holdfast, bytes } = await prepared(6_000);
  using _ = holdfast;
  const path = dataFileOf(holdfast, bytes);
  chmodSync(path, 0o644);
  writeFileSync(path, bytes.subarray(0, 20_000));
  const verify = await holdfast.run(['verify', '--json']);
  expect(verify.exitCode).toBe(6);
  expect(JSON.parse(verify.stdout)).toMatchObject({ affected: ['m:1', 'twin:1'] });
});

test('verify of an intact store says so, also in JSON', async () => {
  const { holdfast } = await prepared(100);
  using _ = holdfast;
  expect((await holdfast.succeed(['verify'])).stderr).toContain('every byte is as it was saved');
  expect(await holdfast.json<Verified>(['verify'])).toMatchObject({
    isIntact: true,
    objectCount: 2,
    findings: [],
  });
  expect(await holdfast.json<Verified>(['verify', 'm'])).toMatchObject({ isIntact: true, objectCount: 1 });
});

test('a database that is newer than the program is refused, and stays as it is', async () => {
  const { holdfast } = await prepared(100);
  using _ = holdfast;
  const path = holdfast.path('.holdfast', 'registry.db');
  const database = new DatabaseSync(path);
  database.exec(
    "insert into schema_migrations (version, name, applied_at) values (999, 'from the future', '2030-01-01T00:00:00.000Z')",
  );
  database.close();
  const before = readFileSync(path);
  for (const commandLine of [
    ['ls'],
    ['put', 'weights.safetensors', '--name', 'm'],
    ['migrate'],
    ['migrate', '--dry-run'],
    ['verify'],
  ]) {
    const run = await holdfast.run(commandLine);
    expect([commandLine[0], run.exitCode]).toEqual([commandLine[0], 2]);
    expect(run.stderr).toContain('version 999');
    expect(run.stderr).toContain('Upgrade Holdfast');
  }
  expect((await holdfast.run(['doctor'])).exitCode).toBe(1);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(holdfast.leftovers()).toEqual([]);
});

test('a damaged database is no fault of ours', async () => {
  const { holdfast } = await prepared(100);
  using _ = holdfast;
  writeFileSync(holdfast.path('.holdfast', 'registry.db'), 'this is no database at all, not even nearly');
  const run = await holdfast.run(['ls']);
  expect(run.exitCode).toBe(6);
  expect(run.stderr).toContain('not an SQLite database');
});
