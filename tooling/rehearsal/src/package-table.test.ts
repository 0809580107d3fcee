import { describe, expect, it } from 'vitest';
import type { PackageFacts } from './package-facts.ts';
import { packageTableProblems, withPackageTable } from './package-table.ts';

const empty = `# Packages

<!-- begin of the table: \`pnpm generate:packages\` writes it -->
<!-- end of the table -->

The end.
`;
const facts: PackageFacts = {
  name: '@holdfast/adapter-tape',
  folder: 'packages/adapters/tape',
  packedBytes: 20_400,
  unpackedBytes: 99_000,
  direct: ['@holdfast/ports', 'tape-drive'],
  all: ['@holdfast/domain', '@holdfast/ports', 'tape-drive'],
  peers: ['vitest'],
};
const page = withPackageTable(empty, [facts]);
const name = '[`@holdfast/adapter-tape`](../packages/adapters/tape)';

describe('the table of packages', () => {
  it('is written between its marks', () => {
    expect(page).toContain(`| ${name} | 20 kB | 99 kB | ports, tape-drive, vitest (yours) | 3 | 1 |`);
    expect(page).toMatch(/^# Packages\n[^]*<!-- end of the table -->\n\nThe end.\n$/);
    expect(withPackageTable(page, [facts])).toBe(page);
  });

  it('agrees with sizes that are a little off, and no more', () => {
    expect(packageTableProblems(page, [{ ...facts, packedBytes: 24_000 }])).toEqual([]);
    expect(packageTableProblems(page, [{ ...facts, packedBytes: 30_000 }])).toEqual([
      `${name}: the table lacks "30 kB"`,
    ]);
  });

  it('agrees with no other dependency and no other count', () => {
    const direct = ['@holdfast/ports', 'tape-robot'];
    expect(packageTableProblems(page, [{ ...facts, direct }])).toEqual([
      `${name}: the table lacks "ports, tape-robot, vitest (yours)"`,
    ]);
    expect(packageTableProblems(page, [{ ...facts, all: [...facts.all, 'rewinder'] }])).toEqual([
      `${name}: the table lacks "4"`,
      `${name}: the table lacks "2"`,
    ]);
  });

  it('names what is missing, and what should not be there', () => {
    expect(packageTableProblems(empty, [facts])).toEqual([`${name} is missing`]);
    expect(packageTableProblems(page, [])).toEqual([`${name} is not published`]);
  });
});
