import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root } from './repository.mjs';

const stampFile = join(root, 'node_modules', '.holdfast-installed');

/** Whether what is installed was made from today's manifests and lock file. */
export function isInstalled() {
  return existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}

/** Remembers that the installation belongs to today's manifests and lock file. */
export function markInstalled() {
  writeFileSync(stampFile, fingerprint());
}

function fingerprint() {
  const hash = createHash('sha256');
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...workspaceManifests()];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function workspaceManifests() {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  return [...workspace.matchAll(/^ +- ["']?([^"'\s]+)\/\*["']?$/gm)]
    .flatMap(([, parent = '']) => foldersIn(parent).map((name) => `${parent}/${name}/package.json`))
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

/** @param {string} parent */
function foldersIn(parent) {
  const folder = join(root, parent);
  return existsSync(folder) ? readdirSync(folder) : [];
}
