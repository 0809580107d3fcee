import { isPublished } from '../published.ts';
import type { WorkspacePackage } from '../workspace.ts';
import { printTable } from './print-table.ts';

/** The published packages with what they are for, those first that most people begin with. */
export function packageTable(packages: readonly WorkspacePackage[]): string {
  const groups = ['apps/', 'packages/application/', 'packages/adapters/', 'packages/'];
  const rank = ({ folder }: WorkspacePackage): number =>
    groups.findIndex((group) => folder.startsWith(group));
  const rows = packages
    .filter(isPublished)
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ name, folder, manifest }) => [`[\`${name}\`](${folder})`, manifest.description ?? '']);
  return printTable([['package', 'what it is for'], ...rows]);
}
