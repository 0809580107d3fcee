import { dirname } from 'node:path';
import { readWorkspace } from '@holdfast/tooling-lint';
import { beforeAll, describe, expect, test } from 'vitest';
import { readPages } from '../src/read-pages.ts';
import { repository } from '../src/repository.ts';
import { runPage } from '../src/run-page.ts';
import { sourceWorld } from '../src/source-world.ts';
import { typeCheck } from '../src/type-check.ts';

const { pages, refusals } = readPages();
const withExamples = pages.filter(({ blocks }) => blocks.some(({ kind }) => kind !== 'unrun'));
const unrun = pages.flatMap(({ path, blocks }) =>
  blocks.flatMap((block) => (block.kind === 'unrun' ? [`${path}:${block.line}: ${block.reason}`] : [])),
);

beforeAll(() => console.log(`Blocks that are shown and not run:\n  ${unrun.join('\n  ')}`));

test('every block of every page is run, or says why not', () => {
  expect(refusals.map(({ message }) => message)).toEqual([]);
});

test('every example runs on the oldest Node that is supported, which knows no "using"', () => {
  const using = pages.flatMap(({ path, blocks }) =>
    blocks.flatMap((block) =>
      block.kind === 'program' && /^\s*(?:await )?using \w+ =/m.test(block.code)
        ? [`${path}:${block.line}`]
        : [],
    ),
  );
  expect(using).toEqual([]);
});

test('every published package has an example in its README', () => {
  const published = readWorkspace(repository).filter(({ manifest }) => manifest.private !== true);
  const folders = withExamples.map(({ path }) => dirname(path));
  expect(published.map(({ folder }) => folder).filter((folder) => !folders.includes(folder))).toEqual([]);
});

test('the compiler finds nothing wrong', { timeout: 300_000 }, async () => {
  expect((await typeCheck(withExamples)).flat()).toEqual([]);
});

describe.concurrent('every example prints what it says', () => {
  test.for(withExamples)('$path', { timeout: 900_000 }, async (page, { skip }) => {
    await using world = await sourceWorld(page);
    if (world === undefined) return skip();
    await expect(runPage(page, world)).resolves.toBeUndefined();
  });
});
