import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { onnxFile, safetensorsFile, sampleBytes } from './support/sample-files.ts';

test.each([
  ['small enough for the index', 100],
  ['a file of its own', 60_000],
])('a file comes back byte for byte: %s', async (_what, valueCount) => {
  using holdfast = new Holdfast();
  const bytes = safetensorsFile(valueCount);
  holdfast.write('weights.safetensors', bytes);
  const put = await holdfast.succeed([
    'put',
    'weights.safetensors',
    '--name',
    'team/m',
    '--alias',
    'champion',
  ]);
  expect(put.stdout).toBe('team/m:1\n');
  expect(put.stderr).toContain('Saved weights.safetensors (safetensors');
  const get = await holdfast.succeed(['get', 'team/m@champion', '-o', 'copy']);
  expect(get.stdout).toBe(`${holdfast.path('copy')}\n`);
  expect(get.stderr).toContain('verified');
  expect(holdfast.read('copy').equals(bytes)).toBe(true);
  expect(holdfast.leftovers()).toEqual([]);
});

test('without -o the file gets the name that it was saved from', async () => {
  using holdfast = new Holdfast();
  holdfast.write('in/model.onnx', onnxFile());
  await holdfast.succeed(['put', 'in/model.onnx', '--name', 'm']);
  await holdfast.succeed(['get', 'm']);
  expect(holdfast.read('model.onnx').equals(onnxFile())).toBe(true);
});

test('a folder comes back with nested files, executable bits and linked files', async () => {
  using holdfast = new Holdfast();
  holdfast.write('model/config.json', '{"hidden":4}\n');
  holdfast.write('model/deep/er/weights.safetensors', safetensorsFile(6_000));
  holdfast.write('model/empty', '');
  chmodSync(holdfast.write('model/run.sh', '#!/bin/sh\n'), 0o755);
  holdfast.write('elsewhere.bin', sampleBytes(500, 3));
  symlinkSync('../elsewhere.bin', holdfast.path('model', 'linked.bin'));
  const put = await holdfast.json<{ version: { fileCount: number; artifactKind: string } }>([
    'put',
    'model',
    '--name',
    'tree',
    '--follow-links',
  ]);
  expect(put.version).toMatchObject({ fileCount: 5, artifactKind: 'tree' });
  await holdfast.succeed(['get', 'tree:1', '-o', 'back']);
  for (const name of ['config.json', 'deep/er/weights.safetensors', 'empty', 'run.sh']) {
    expect(holdfast.read(`back/${name}`).equals(holdfast.read(`model/${name}`))).toBe(true);
  }
  expect(holdfast.read('back/linked.bin').equals(sampleBytes(500, 3))).toBe(true);
  expect(statSync(holdfast.path('back', 'run.sh')).mode & 0o111).not.toBe(0);
  expect(statSync(holdfast.path('back', 'config.json')).mode & 0o111).toBe(0);
  expect(holdfast.leftovers()).toEqual([]);
});

test('standard input goes in and standard output comes out, byte for byte', async () => {
  using holdfast = new Holdfast();
  const bytes = sampleBytes(3_000_001, 5);
  const put = await holdfast.succeed(['put', '-', '--name', 'piped'], { input: bytes });
  expect(put.stdout).toBe('piped:1\n');
  const get = await holdfast.succeed(['get', 'piped', '-o', '-']);
  expect(get.stdoutBytes.equals(bytes)).toBe(true);
  expect(get.stderr).toMatch(/^No project in this folder or above: using .*holdfast\.\n$/);
});

test('the same bytes are stored once, also under another model', async () => {
  using holdfast = new Holdfast();
  holdfast.write('weights.safetensors', safetensorsFile(60_000));
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm']);
  const dataFiles = () => holdfast.files().filter((path) => path.includes('/data/'));
  const before = dataFiles();
  const second = await holdfast.json<{ isDuplicate: boolean; reference: string }>([
    'put',
    'weights.safetensors',
    '--name',
    'm',
  ]);
  expect(second).toMatchObject({ isDuplicate: true, reference: 'm:2' });
  const other = await holdfast.succeed(['put', 'weights.safetensors', '--name', 'other']);
  expect(other.stderr).toContain('nothing was written twice');
  expect(dataFiles()).toEqual(before);
});

test('tags, metrics, parameters and alias stand in the version', async () => {
  using holdfast = new Holdfast();
  holdfast.write('m.onnx', onnxFile());
  const tags = ['--tag', 'stage=dev', '--tag', 'note=größer = besser'];
  const facts = ['--metric', 'accuracy=0.97', '--param', 'epochs=12', '--alias', 'champion'];
  const put = await holdfast.json<{ version: object; alias: object; aliases: readonly object[] }>([
    'put',
    'm.onnx',
    '--name',
    'm',
    ...tags,
    ...facts,
  ]);
  expect(put.version).toMatchObject({
    format: 'onnx',
    digest: `sha256:${createHash('sha256').update(onnxFile()).digest('hex')}`,
    tags: { stage: 'dev', note: 'größer = besser' },
    metrics: { accuracy: 0.97 },
    parameters: { epochs: '12' },
    signature: { inputs: [{ name: 'x', shape: [4] }] },
  });
  expect(put.aliases).toEqual([{ name: 'champion', number: 1, from: null }]);
  expect(put.alias).toEqual(put.aliases[0]);
});

test('what is there already is replaced only with --force', async () => {
  using holdfast = new Holdfast();
  holdfast.write('m.onnx', onnxFile());
  await holdfast.succeed(['put', 'm.onnx', '--name', 'm']);
  holdfast.write('target', 'precious');
  const refused = await holdfast.run(['get', 'm', '-o', 'target']);
  expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
  expect(refused.stderr).toContain('--force');
  expect(holdfast.read('target').toString()).toBe('precious');
  await holdfast.succeed(['get', 'm', '-o', 'target', '--force']);
  expect(holdfast.read('target').equals(onnxFile())).toBe(true);
  expect(holdfast.leftovers()).toEqual([]);
});

test('a folder is replaced as a whole with --force, but never the one that the user is in', async () => {
  using holdfast = new Holdfast();
  holdfast.write('tree/a', 'new');
  await holdfast.succeed(['put', 'tree', '--name', 'tree']);
  holdfast.write('target/old', 'old');
  expect((await holdfast.run(['get', 'tree', '-o', 'target'])).exitCode).toBe(4);
  await holdfast.succeed(['get', 'tree', '-o', 'target', '--force']);
  expect(holdfast.files().filter((path) => path.startsWith('work/target'))).toEqual(['work/target/a']);
  mkdirSync(holdfast.path('target', 'inner'));
  const inside = await holdfast.run(['get', 'tree', '-o', '..', '--force'], {
    workingFolder: holdfast.path('target', 'inner'),
  });
  expect(inside.exitCode).toBe(2);
  expect(holdfast.read('target/a').toString()).toBe('new');
});

test('a store can be named, also as --backend', async () => {
  using holdfast = new Holdfast();
  holdfast.write(
    'holdfast.yaml',
    'stores:\n  default: { backend: local_filesystem, root: one }\n  lake: { backend: local_filesystem, root: two }\ndatabase: { url: "sqlite:r.db" }\n',
  );
  holdfast.write('m', sampleBytes(20_000, 1));
  for (const flag of ['--store', '--backend']) {
    const put = await holdfast.json<{ version: { storage: { storeName: string } } }>([
      'put',
      'm',
      '--name',
      'm',
      flag,
      'lake',
    ]);
    expect(put.version.storage.storeName).toBe('lake');
  }
  expect(holdfast.files().some((path) => path.startsWith('work/two/data/'))).toBe(true);
  expect(holdfast.files().some((path) => path.startsWith('work/one/'))).toBe(false);
  const unknown = await holdfast.run(['put', 'm', '--name', 'm', '--store', 'nowhere']);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('lake');
});
