/** A file that breaks one rule of the linter. */
export interface LintBreak {
  readonly what: string;
  readonly path: string;
  readonly content: string;
  readonly rule: string;
}

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

/** One file for every rule of shape, each breaking just that one. */
export const shapeBreaks: readonly LintBreak[] = [
  {
    what: 'a file of more than 300 lines',
    path: 'packages/ports/src/long-file.ts',
    content: `export const value = 1;\n${lines(300, '//')}`,
    rule: 'max-lines',
  },
  {
    what: 'a function of more than 60 lines',
    path: 'packages/ports/src/long-function.ts',
    content: `export function long(): void {\n${lines(59, '  //')}}\n`,
    rule: 'max-lines-per-function',
  },
  {
    what: 'a fourth parameter',
    path: 'packages/ports/src/four-parameters.ts',
    content: 'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n',
    rule: 'max-params',
  },
  {
    what: 'a default export',
    path: 'packages/ports/src/default-export.ts',
    content: 'export default 1;\n',
    rule: 'no-default-export',
  },
  {
    what: 'any',
    path: 'packages/ports/src/any-type.ts',
    content: 'export type Anything = any;\n',
    rule: 'no-explicit-any',
  },
  {
    what: 'a namespace',
    path: 'packages/ports/src/name-space.ts',
    content: 'export namespace Space {\n  export const value = 1;\n}\n',
    rule: 'no-namespace',
  },
  {
    what: 'a file name that is not in kebab case',
    path: 'packages/ports/src/camelCase.ts',
    content: 'export const value = 1;\n',
    rule: 'filename-case',
  },
  {
    what: 'printing from a library',
    path: 'packages/ports/src/printing.ts',
    content: "console.log('hello');\n\nexport const value = 1;\n",
    rule: 'no-console',
  },
  {
    what: 'ending the process from a library',
    path: 'packages/ports/src/ending.ts',
    content: 'process.exit(1);\n\nexport const value = 1;\n',
    rule: 'no-process-exit',
  },
  {
    what: 'a promise that nobody waits for',
    path: 'packages/ports/src/floating-promise.ts',
    content: 'const later = async (): Promise<void> => {};\nlater();\n\nexport { later };\n',
    rule: 'no-floating-promises',
  },
  {
    what: 'a test that shuts out the others',
    path: 'packages/ports/src/only.test.ts',
    content: "import { expect, it } from 'vitest';\n\nit.only('is alone', () => expect(1).toBe(1));\n",
    rule: 'no-focused-tests',
  },
];

/** Imports beside those of the table of layers. */
export const importBreaks: readonly LintBreak[] = [
  ...['packages/domain', 'packages/formats', 'packages/ports', 'packages/contracts', 'apps/web'].map(
    (folder) => forbiddenImport(`a module of Node in ${folder}`, `${folder}/src/from-node.ts`, 'node:fs'),
  ),
  forbiddenImport(
    'a module of Node in a test of domain',
    'packages/domain/src/from-node.test.ts',
    'node:fs/promises',
  ),
  forbiddenImport('zod in domain', 'packages/domain/src/from-zod.ts', 'zod'),
  ...['tsyringe', 'reflect-metadata'].flatMap((name) =>
    ['packages/application/storage', 'packages/adapters/canary', 'apps/canary', 'packages/ports'].map(
      (folder) => forbiddenImport(`${name} in ${folder}`, `${folder}/src/from-${name}.ts`, name),
    ),
  ),
  forbiddenImport('tsyringe in a test', 'packages/adapters/canary/src/from-tsyringe.test.ts', 'tsyringe'),
  forbiddenImport(
    "another package's sources",
    'packages/ports/src/from-sources.ts',
    '@holdfast/canary-domain/src/value.ts',
  ),
  forbiddenImport(
    "another package's sources in a test",
    'packages/adapters/canary/test/from-sources.ts',
    '@holdfast/canary-conformance/src/value.ts',
  ),
];

/** Files that look alike and are allowed. */
export const allowedImports: readonly Omit<LintBreak, 'rule'>[] = [
  allowedImport(
    'a module of Node in a test of formats',
    'packages/formats/src/may-import-node.test.ts',
    'node:fs',
  ),
  allowedImport(
    'a module of Node in an adapter',
    'packages/adapters/canary/src/may-import-node.ts',
    'node:fs',
  ),
  allowedImport('zod in contracts', 'packages/contracts/src/may-import-zod.ts', 'zod'),
  allowedImport('tsyringe in composition', 'packages/composition/src/may-import-tsyringe.ts', 'tsyringe'),
  allowedImport('fast-check in a test of domain', 'packages/domain/src/may-import.test.ts', 'fast-check'),
  allowedImport('a file of the same package', 'packages/domain/src/may/import.ts', '../value.ts'),
];

function forbiddenImport(what: string, path: string, from: string): LintBreak {
  return { ...allowedImport(what, path, from), rule: 'no-restricted-imports' };
}

function allowedImport(what: string, path: string, from: string): Omit<LintBreak, 'rule'> {
  return { what, path, content: `export { value } from '${from}';\n` };
}
