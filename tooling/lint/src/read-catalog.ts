import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The versions of packages from outside, by name, as `pnpm-workspace.yaml` gives them. */
export function readCatalog(root: string): ReadonlyMap<string, string> {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const [, catalog = ''] = /^catalog:\n((?: +.*\n)*)/m.exec(workspace) ?? [];
  const lines = catalog.matchAll(/^ +(?:'([^']+)'|([^':\s]+)): *'?([^'\n]+)'?$/gm);
  return new Map(Array.from(lines, ([, quoted, plain, version]) => [quoted ?? plain ?? '', version ?? '']));
}
