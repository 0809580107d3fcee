import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The Node that everything but these scripts runs on; it comes with the installation. */
export const pinnedNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** The package manager that the repository asks for, as `pnpm@1.2.3`. */
export function packageManager() {
  return manifest().packageManager;
}

/** The version of {@link pinnedNode}. */
export function pinnedNodeVersion() {
  return manifest().devDependencies.node;
}

/** @returns {{ packageManager: string, devDependencies: { node: string } }} */
function manifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/**
 * The environment in which the repository's tools find each other and the pinned Node.
 *
 * @param {Readonly<Record<string, string>>} [extra]
 */
export function toolEnvironment(extra = {}) {
  const path = [dirname(pinnedNode), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { ...process.env, ...extra, PATH: path };
}
