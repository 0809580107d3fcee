import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expectNoLeak } from '@holdfast/tooling-services';
import { expect, it } from 'vitest';
import { Hdf5File, Hdf5Writer } from '../src/index.ts';
import { scratchFolder } from './support/scratch-folder.ts';

const folder = scratchFolder();

it('2,000 opens, reads and closes keep no handle and no memory', { timeout: 60_000 }, async () => {
  const path = join(folder, 'leak.h5');
  await using writer = await Hdf5Writer.create(path);
  await writer
    .dataset('plain', { dtype: 'float32', rowShape: [64], rows: 100 })
    .append(new Float32Array(6400));
  await writer
    .dataset('gzip', { dtype: 'float32', rowShape: [64], chunkRows: 10, gzip: 1 })
    .append(new Float32Array(6400));
  await writer.finish();
  await expectNoLeak(2000, async () => {
    await using file = await Hdf5File.open(path);
    for (const name of ['plain', 'gzip']) {
      const dataset = await file.dataset(name);
      await dataset.readRow(7);
      await dataset.read();
    }
  });
});

it('importing the package loads no h5wasm, and reading numbers neither', () => {
  const script = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ resolve: (specifier, context, next) => { loaded.push(specifier); return next(specifier, context); } });
const { Hdf5File } = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))});
const file = await Hdf5File.open(${JSON.stringify(join(folder, 'leak.h5'))});
await (await file.dataset('gzip')).read();
await file[Symbol.asyncDispose]();
console.log(loaded.filter((specifier) => specifier.startsWith('h5wasm')).join());
`;
  const parameters = ['--conditions=@holdfast/source', '--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, parameters, { encoding: 'utf8' }).trim()).toBe('');
});
