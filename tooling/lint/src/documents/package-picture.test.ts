import { expect, test } from 'vitest';
import type { WorkspacePackage } from '../workspace.ts';
import { packagePicture } from './package-picture.ts';

function workspacePackage(folder: string, ...imports: readonly string[]): WorkspacePackage {
  const name = `@holdfast/${folder.split('/').at(-1)}`;
  const dependencies = Object.fromEntries(imports.map((other) => [`@holdfast/${other}`, 'workspace:*']));
  return { name, folder, layer: 'tooling', manifest: { name, description: '', dependencies } };
}

test('every package stands in its room, and an arrow only where no longer way leads', () => {
  const packages = [
    workspacePackage('apps/cli', 'storage', 'domain'),
    workspacePackage('packages/application/storage', 'ports', 'domain'),
    workspacePackage('packages/domain'),
    workspacePackage('packages/ports', 'domain', 'outside'),
  ];
  expect(packagePicture(packages).split('\n')).toEqual([
    '```mermaid',
    'flowchart TD',
    '  subgraph apps',
    '    cli',
    '  end',
    '  subgraph application',
    '    storage',
    '  end',
    '  subgraph adapters',
    '  end',
    '  domain',
    '  ports',
    '  cli --> storage',
    '  storage --> ports',
    '  ports --> domain',
    '```',
  ]);
});
