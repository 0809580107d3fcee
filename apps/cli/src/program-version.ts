import { readFileSync } from 'node:fs';

/** The version of this package, wherever in it this code lies: the build moves it. */
export function programVersion(): string {
  const manifest = readFileSync(new URL(import.meta.resolve('@holdfast/cli/package.json')), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
