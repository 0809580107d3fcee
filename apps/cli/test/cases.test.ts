import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const beside = resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'cases');
const cases = process.env['HOLDFAST_CASES'] ?? beside;
const longName = Array.from({ length: 9 }, () => 'a'.repeat(60)).join('/');

/** What a user typed, and what is right. The inputs that concern formats are in the registry's table. */
interface Case {
  readonly prepare: (holdfast: Holdfast) => void;
  readonly commandLine: readonly string[];
  readonly exitCode: number;
  readonly says?: RegExp;
  /** After `get`, what is there; for saves. */
  readonly restores?: string;
}

const rights: Readonly<Record<string, Case>> = {
  '02 an empty folder is kept': {
    prepare: ({ folder }) =>
      void execFileSync('tar', [
        '-xf',
        join(cases, '02-empty-folder-lost', 'tiny.mlpackage.tar'),
        '-C',
        folder,
      ]),
    commandLine: ['put', 'cm.mlpackage', '--name', 'saved'],
    exitCode: 0,
    restores: 'Data/com.apple.CoreML/weights',
  },
  '18 a store does not swallow itself': {
    prepare: (holdfast) => void holdfast.write('m.bin', 'x'),
    commandLine: ['put', '.', '--name', 'saved'],
    exitCode: 0,
    says: /2 files/,
    restores: 'm.bin',
  },
  '20 a pipe is no file': {
    prepare: ({ folder }) => void execFileSync('mkfifo', [join(folder, 'p')]),
    commandLine: ['put', 'p', '--name', 'saved'],
    exitCode: 2,
    says: /pipe/,
  },
  '20 a device is no file': {
    prepare: () => undefined,
    commandLine: ['inspect', '/dev/null'],
    exitCode: 2,
    says: /device/,
  },
  '22 a name that is not UTF-8 is called that': {
    prepare: ({ folder }) => {
      mkdirSync(join(folder, 'f'));
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/f/`), Buffer.from([0xff, 0x2d, 0x6c])]), 'x');
    },
    commandLine: ['put', 'f', '--name', 'saved'],
    exitCode: 2,
    says: /UTF-8/,
  },
  '22 a path that is too long says so, with what to do': {
    prepare: (holdfast) => void holdfast.write(`f/${longName}/x`, 'x'),
    commandLine: ['put', 'f', '--name', 'saved'],
    exitCode: 2,
    says: /512 bytes[^]*→ Rename /,
  },
  '22 a line break in a name is refused': {
    prepare: (holdfast) => void holdfast.write('f/a\nb', 'x'),
    commandLine: ['put', 'f', '--name', 'saved'],
    exitCode: 2,
    says: /control character/,
  },
};

if (!existsSync(cases)) {
  const message = `The cases are missing: set HOLDFAST_CASES to the folder that holds them`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`!!! SKIPPED: ${message}\n`);
}

describe.skipIf(!existsSync(cases))('the cases of the command line', () => {
  test.each(Object.entries(rights))(
    '%s',
    async (_name, { prepare, commandLine, exitCode, says, restores }) => {
      using holdfast = new Holdfast();
      await holdfast.succeed(['init']);
      prepare(holdfast);
      const run = await holdfast.run(commandLine);
      expect(run).toMatchObject({ exitCode });
      if (says !== undefined) expect(run.stderr).toMatch(says);
      if (restores === undefined) return;
      await holdfast.succeed(['get', 'saved', '-o', 'restored']);
      expect(existsSync(holdfast.path('restored', restores))).toBe(true);
    },
  );
});
