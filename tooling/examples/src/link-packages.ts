import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readWorkspace } from '@holdfast/tooling-lint';
import { repository } from './repository.ts';

const own = join(repository, 'tooling', 'examples', 'node_modules');

/** Makes the packages of this repository, and those that examples use beside them, installed in a folder. */
export async function linkPackages(folder: string): Promise<void> {
  const installed = join(folder, 'node_modules');
  const ours = readWorkspace(repository).filter(({ manifest }) => manifest.private !== true);
  const links = [
    ...ours.map(({ name, folder: path }) => [name, join(repository, path)] as const),
    ...['vitest', '@types/node'].map((name) => [name, join(own, name)] as const),
    ['.bin/vitest', join(own, 'vitest', 'vitest.mjs')] as const,
  ];
  for (const [name, target] of links) {
    const path = join(installed, name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
  }
}
