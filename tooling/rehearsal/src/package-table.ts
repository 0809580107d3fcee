import type { PackageFacts } from './package-facts.ts';

const begin = '<!-- begin of the table: `pnpm generate:packages` writes it -->';
const end = '<!-- end of the table -->';
const head = [
  '| package | packed | unpacked | depends on | packages that come with it | of these from others |',
  '| --- | --: | --: | --- | --: | --: |',
];
/** A size in the table may be off by this part before the check complains, so that not every commit changes it. */
const tolerance = 0.25;

/** The page with the table of these facts in the place of the one that it has. */
export function withPackageTable(page: string, facts: readonly PackageFacts[]): string {
  const [before, , after] = cut(page);
  return `${before}${begin}\n\n${[...head, ...facts.map(row)].join('\n')}\n\n${end}${after}`;
}

/** Where the table of a page is not what the facts say. Sizes may differ by a quarter. */
export function packageTableProblems(page: string, facts: readonly PackageFacts[]): readonly string[] {
  const written = rowsOf(cut(page)[1]);
  const expected = rowsOf(facts.map(row).join('\n'));
  const names = new Set([...written.keys(), ...expected.keys()]);
  return [...names].flatMap((name) => {
    const [stated, actual] = [written.get(name), expected.get(name)];
    if (stated === undefined) return `${name} is missing`;
    if (actual === undefined) return `${name} is not published`;
    const differing = actual.filter((cell, index) => !agrees(stated[index] ?? '', cell));
    return differing.map((cell) => `${name}: the table lacks "${cell}"`);
  });
}

function cut(page: string): readonly [string, string, string] {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error('the page has no marks around its table');
  return [page.slice(0, from), page.slice(from + begin.length, to), page.slice(to + end.length)];
}

function row({ name, folder, packedBytes, unpackedBytes, direct, all, peers }: PackageFacts): string {
  const foreign = all.filter((one) => !one.startsWith('@holdfast/'));
  const chosen = peers.map((one) => `${one} (yours)`);
  const cells = [
    `[\`${name}\`](../${folder})`,
    kilobytes(packedBytes),
    kilobytes(unpackedBytes),
    [...direct.map((one) => one.replace('@holdfast/', '')), ...chosen].join(', ') || '–',
    String(all.length),
    String(foreign.length),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The cells behind the name, by the name. */
function rowsOf(table: string): ReadonlyMap<string, readonly string[]> {
  const rows = table.split('\n').filter((line) => line.startsWith('| ['));
  return new Map(
    rows.map((line) => {
      const [name = '', ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name, cells];
    }),
  );
}

function agrees(stated: string, actual: string): boolean {
  const [one, other] = [stated, actual].map((cell) => /^(\d+) kB$/.exec(cell)?.[1]);
  if (one === undefined || other === undefined) return stated === actual;
  return Math.abs(Number(one) - Number(other)) <= tolerance * Number(other) + 1;
}

function kilobytes(bytes: number): string {
  return `${Number((bytes / 1000).toPrecision(2))} kB`;
}
