import { expect, it } from 'vitest';
import { describeTree } from './describe-tree.ts';
import type { Hdf5Group } from './hdf5-file.ts';

function groupOfLinks(count: number): Hdf5Group {
  const links = Array.from({ length: count }, (_, index) => ({
    name: `link${index}`,
    target: { kind: 'soft', path: '/x' } as const,
  }));
  return {
    kind: 'group',
    path: '/',
    address: 0,
    offset: 0,
    attributes: async () => [],
    links: async () => links,
    open: async () => undefined,
  };
}

it.each([
  [10_000, false],
  [10_001, true],
])('of %i names the counts are partial: %s', async (count, isPartial) => {
  const tree = await describeTree(
    async () => groupOfLinks(count),
    (error) => expect(error).toBeUndefined(),
  );
  expect([tree.isPartial, tree.variables.length]).toEqual([isPartial, 10_000]);
});
