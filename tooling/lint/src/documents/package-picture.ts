import { isPublished } from '../published.ts';
import type { WorkspacePackage } from '../workspace.ts';

const rooms = ['apps', 'packages/application', 'packages/adapters'];

/**
 * The published packages and what each imports, as a Mermaid diagram. An arrow is left out where a longer way
 * leads to the same package.
 */
export function packagePicture(packages: readonly WorkspacePackage[]): string {
  const shown = packages.filter(isPublished);
  const imports = new Map(shown.map((self) => [self.name, directImports(self, shown)]));
  const arrows = shown.flatMap(({ name }) =>
    withoutShortcuts(name, imports).map((target) => `  ${shortName(name)} --> ${shortName(target)}`),
  );
  const lines = ['flowchart TD', ...boxes(shown), ...arrows];
  return ['```mermaid', ...lines, '```'].join('\n');
}

function boxes(packages: readonly WorkspacePackage[]): readonly string[] {
  const inRoom = (room: string): readonly WorkspacePackage[] =>
    packages.filter(({ folder }) => folder.startsWith(`${room}/`));
  const grouped = rooms.flatMap((room) => {
    const names = inRoom(room).map(({ name }) => `    ${shortName(name)}`);
    return [`  subgraph ${room.split('/').at(-1)}`, ...names, '  end'];
  });
  const single = packages.filter(({ folder }) => !rooms.some((room) => folder.startsWith(`${room}/`)));
  return [...grouped, ...single.map(({ name }) => `  ${shortName(name)}`)];
}

function shortName(name: string): string {
  return name.replace('@holdfast/', '');
}

function directImports(
  { manifest }: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): readonly string[] {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return packages.map(({ name }) => name).filter((name) => names.includes(name));
}

function withoutShortcuts(name: string, imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const direct = imports.get(name) ?? [];
  return direct.filter(
    (target) => !direct.some((other) => other !== target && reaches(other, target, imports)),
  );
}

function reaches(from: string, to: string, imports: ReadonlyMap<string, readonly string[]>): boolean {
  return (imports.get(from) ?? []).some((next) => next === to || reaches(next, to, imports));
}
