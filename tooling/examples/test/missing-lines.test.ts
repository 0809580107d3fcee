import { cp } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ExamplePage } from '../src/example-block.ts';
import { ExampleError } from '../src/example-error.ts';
import type { ExampleWorld } from '../src/example-world.ts';
import { readPages } from '../src/read-pages.ts';
import { runBlock } from '../src/run-page.ts';
import { sourceWorld } from '../src/source-world.ts';
import { typeCheck } from '../src/type-check.ts';
import { type ShortenedPage, withoutEachLine } from '../src/without-line.ts';
import { writeSamples } from '../src/write-samples.ts';

/** `HOLDFAST_TEST_LONG=true` takes every line away in turn; `HOLDFAST_TEST_PAGE` names a part of the page's path. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const wanted = process.env['HOLDFAST_TEST_PAGE'] ?? '';
const pages = readPages().pages.filter(({ path }) => path.includes(wanted));

/** The compiler looks at types only where all syntax is right, so this has to be asked twice. */
async function thatCompile(shortened: readonly ShortenedPage[]): Promise<readonly ShortenedPage[]> {
  const messages = await typeCheck(shortened.map(({ page }) => page));
  return shortened.filter((_, index) => messages[index]?.length === 0);
}

async function worldOf(page: ExamplePage): Promise<ExampleWorld> {
  const world = await sourceWorld(page);
  if (world === undefined) throw new Error(`${page.path} needs a bucket, and there is no server that has it`);
  return world;
}

/** Whether a block, or one below it, fails in a copy of what those above have left: anew where that is in a bucket. */
async function isNoticed({ page, index }: ShortenedPage, before: ExampleWorld): Promise<boolean> {
  await using world = await worldOf(page);
  const canBeCopied = page.bucket === undefined;
  if (canBeCopied) await cp(before.folder, world.folder, { recursive: true, verbatimSymlinks: true });
  else await writeSamples(page, world);
  try {
    for (const block of page.blocks.slice(canBeCopied ? index : 0)) await runBlock(block, page, world);
    return false;
  } catch (error) {
    if (error instanceof ExampleError) return true;
    throw error;
  }
}

async function needlessLines(page: ExamplePage): Promise<readonly string[]> {
  const compiled = await thatCompile(await thatCompile(withoutEachLine(page)));
  await using world = await worldOf(page);
  await writeSamples(page, world);
  const needless: string[] = [];
  for (const [index, block] of page.blocks.entries()) {
    for (const one of compiled.filter((shortened) => shortened.index === index)) {
      if (!(await isNoticed(one, world))) needless.push(`${page.path}:${one.line}: ${one.missing}`);
    }
    await runBlock(block, page, world);
  }
  return needless;
}

describe.skipIf(!isLong).concurrent('no example has a line that it does not need', () => {
  test.each(pages.map((page) => [page.path, page] as const))(
    '%s',
    { timeout: 3_600_000 },
    async (_path, page) => {
      expect(await needlessLines(page)).toEqual([]);
    },
  );
});
