import { describe, expect, test } from 'vitest';
import { ExampleError } from '../src/example-error.ts';
import { readPages } from '../src/read-pages.ts';
import { runPage } from '../src/run-page.ts';
import { sourceWorld } from '../src/source-world.ts';
import { typeCheck } from '../src/type-check.ts';
import { type ShortenedPage, withoutEachLine } from '../src/without-line.ts';

/** `HOLDFAST_TEST_LONG=true` takes every line away in turn; `HOLDFAST_TEST_PAGE` names a part of the page's path. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const wanted = process.env['HOLDFAST_TEST_PAGE'] ?? '';
const pages = readPages().pages.filter(({ path }) => path.includes(wanted));

/** The compiler looks at types only where all syntax is right, so this has to be asked twice. */
async function thatCompile(shortened: readonly ShortenedPage[]): Promise<readonly ShortenedPage[]> {
  const messages = await typeCheck(shortened.map(({ page }) => page));
  return shortened.filter((_, index) => messages[index]?.length === 0);
}

async function isNoticed({ page }: ShortenedPage): Promise<boolean> {
  await using world = await sourceWorld();
  try {
    await runPage(page, world);
    return false;
  } catch (error) {
    if (error instanceof ExampleError) return true;
    throw error;
  }
}

describe.skipIf(!isLong).concurrent('no example has a line that it does not need', () => {
  test.each(pages.map((page) => [page.path, page] as const))(
    '%s',
    { timeout: 3_600_000 },
    async (_path, page) => {
      const compiled = await thatCompile(await thatCompile(withoutEachLine(page)));
      const needless: string[] = [];
      for (const one of compiled) {
        if (!(await isNoticed(one))) needless.push(`${page.path}:${one.line}: ${one.missing}`);
      }
      expect(needless).toEqual([]);
    },
  );
});
