import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the example of the conformance kit is the test of this adapter', async () => {
  const readme = await readFile(new URL('../../../conformance/README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const own = await readFile(new URL('./storage/memory-storage-adapter.test.ts', import.meta.url), 'utf8');
  const withoutImports = (text: string): string => text.replaceAll(/^import .*\n/gm, '').trim();
  expect(withoutImports(own)).toBe(withoutImports(code));
});
