import type { GeneratedSection } from './generated-section.ts';
import { printTable } from './print-table.ts';
import type { StorageDeclaration } from './storage-declarations.ts';

const path = 'docs/backends.md';
const unlimited = Number.MAX_SAFE_INTEGER;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** What each adapter refuses, and what the servers that it was tested on get wrong. */
export function backendTables(declarations: readonly StorageDeclaration[]): readonly GeneratedSection[] {
  return [
    { path, name: 'refused', content: refusedTable(declarations) },
    { path, name: 'quirks', content: quirkTable(declarations) },
  ];
}

function refusedTable(declarations: readonly StorageDeclaration[]): string {
  const rows = declarations.map(({ name, undeclared, maximumSizeBytes, maximumKeyBytes }) => [
    name,
    undeclared.map((capability) => `\`${capability}\``).join(', '),
    maximumSizeBytes === unlimited ? '–' : printSize(maximumSizeBytes),
    `${maximumKeyBytes} B`,
  ]);
  return printTable([['adapter', 'not declared', 'largest object', 'longest key'], ...rows]);
}

function quirkTable(declarations: readonly StorageDeclaration[]): string {
  const rows = declarations.flatMap(({ name, quirks }) =>
    Array.from(
      Map.groupBy(Object.values(quirks), ({ reason, fails }) => `${reason}\n${fails}`),
      ([, [quirk, ...more]]) => [
        name,
        quirk?.reason ?? '',
        String(1 + more.length),
        quirk?.fails === 'always' ? 'has to fail' : 'not run',
      ],
    ),
  );
  return printTable([['adapter', 'fault', 'cases', 'in the tests'], ...rows]);
}

function printSize(sizeBytes: number): string {
  const exponent = Math.min(units.length - 1, Math.floor(Math.log2(sizeBytes) / 10));
  const size = sizeBytes / 1024 ** exponent;
  return `${Number(size.toFixed(1))} ${units[exponent] ?? ''}`;
}
