import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanaryWorkspace } from '../src/canary-workspace.ts';

const breaks = [
  {
    what: 'an import of a package that the manifest does not name',
    path: 'packages/ports/src/undeclared.ts',
    content: "import { value } from '@holdfast/canary-domain';\n\nexport const other: number = value;\n",
    error: 'TS2307',
  },
  {
    what: 'an enum',
    path: 'packages/ports/src/enumeration.ts',
    content: 'export enum Colour {\n  Red,\n}\n',
    error: 'TS1294',
  },
  {
    what: 'an index that may not be there',
    path: 'packages/ports/src/unchecked-index.ts',
    content: 'export const first = (list: readonly number[]): number => list[0];\n',
    error: 'TS2322',
  },
  {
    what: 'an exported value without a type',
    path: 'packages/ports/src/untyped-export.ts',
    content: "export const now = Date.now().toString() + '';\n",
    error: 'TS9010',
  },
  {
    what: "a global of Node's in a package without its types",
    path: 'packages/ports/src/from-process.ts',
    content: 'export const home: string = process.cwd();\n',
    error: 'TS2591',
  },
];

let workspace: CanaryWorkspace;
let found: readonly string[];

beforeAll(() => {
  workspace = new CanaryWorkspace();
  workspace.write('packages/domain/src/index.ts', 'export const value = 1;\n');
  workspace.write('packages/domain/package.json', { name: '@holdfast/canary-domain', type: 'module' });
  workspace.write('packages/ports/package.json', { name: '@holdfast/canary-ports', type: 'module' });
  workspace.write('packages/ports/tsconfig.json', {
    extends: '../../tooling/tsconfig/library.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
  });
  for (const { path, content } of breaks) workspace.write(path, content);
  found = workspace.run('tsc', ['-b', 'packages/ports', '--pretty', 'false']).output.split('\n');
});

afterAll(() => workspace[Symbol.dispose]());

describe('the compiler', () => {
  it.each(breaks)('refuses $what', ({ path, error }) => {
    const codes = found.filter((line) => line.startsWith(`${path}(`)).map((line) => /TS\d+/.exec(line)?.[0]);
    expect(codes).toEqual([error]);
  });
});
