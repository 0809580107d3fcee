import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readmeExamples } from '../src/readme-examples.ts';
import type { Rehearsal } from '../src/rehearsal.ts';
import type { Stranger } from '../src/stranger.ts';

/** A library's folder in the repository, by the name of the package. */
export type Libraries = ReadonlyMap<string, string>;

const compilerOptions = {
  strict: true,
  skipLibCheck: false,
  module: 'nodenext',
  target: 'es2023',
  lib: ['esnext'],
  types: ['node'],
  rootDir: 'examples',
  outDir: 'compiled',
};

/** Whether the examples of the READMEs hold for who has installed the packages. */
export function describeReadmes(libraries: Libraries, rehearsal: () => Rehearsal): void {
  describe('with each package seeing only what it names, a stranger', () => {
    let stranger: Stranger;

    beforeAll(async () => {
      stranger = await rehearsal().stranger('reads');
      await stranger.write('package.json', '{ "type": "module" }');
      await stranger.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['examples'] }));
      const [declaringTests] = readmeExamples(libraries.get('@holdfast/conformance') ?? '', 'file');
      await stranger.write('examples/adapter.test.ts', declaringTests?.code ?? '');
      await stranger.installStrictly(...libraries.keys(), 'typescript', 'vitest', '@types/node@22');
      for (const [name, folder] of libraries) {
        for (const [index, { code }] of readmeExamples(folder, 'program').entries()) {
          await stranger.write(`examples/${fileName(name, index)}.ts`, code);
        }
      }
    });

    it('compiles every example, and all types of the packages with them', async () => {
      await stranger.node('24', 'node_modules/typescript/bin/tsc', '--pretty', 'false');
      expect(await readdir(`${stranger.folder}/compiled`)).not.toEqual([]);
    });

    it.each([...libraries].filter(([name]) => name !== '@holdfast/conformance'))(
      'finds what the README of %s says',
      async (name, folder) => {
        const programs = readmeExamples(folder, 'program');
        expect(programs).not.toEqual([]);
        for (const [index, { output }] of programs.entries()) {
          const file = fileName(name, index);
          expect(await stranger.node('24', `examples/${file}.ts`), `${file} on Node 24`).toBe(output.text);
          expect(await stranger.node('22', `compiled/${file}.js`), `${file} on Node 22`).toBe(output.text);
        }
      },
    );
  });
}

function fileName(name: string, index: number): string {
  return `${name.replace('@holdfast/', '')}-${index}`;
}
