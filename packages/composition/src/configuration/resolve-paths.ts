import { join, resolve } from 'node:path';
import { type SettingNode, mapSettings } from './setting-node.ts';

export interface ResolvePathsOptions {
  /** Where relative paths begin. Absolute. */
  readonly folder: string;
  /** What `~` means. Absolute. */
  readonly homeFolder: string;
}

/** Makes the paths in a tree absolute. */
export function resolvePaths(node: SettingNode, options: ResolvePathsOptions): SettingNode {
  return mapSettings(node, (value, path) => {
    if (typeof value !== 'string' || value === '') return value;
    if (path.length === 3 && path[0] === 'stores' && path[2] === 'root') return resolvePath(value, options);
    if (isSecretFile(value, path)) return `file:${resolvePath(value.slice('file:'.length), options)}`;
    return isDatabaseUrl(path) ? resolveUrl(value, options) : value;
  });
}

function isDatabaseUrl(path: readonly string[]): boolean {
  return (
    path.join('.') === 'database.url' || (path.length === 3 && path[0] === 'stores' && path[2] === 'url')
  );
}

function isSecretFile(value: string, path: readonly string[]): boolean {
  return path.includes('credentials') && /^file:./.test(value);
}

function resolveUrl(url: string, options: ResolvePathsOptions): string {
  const path = /^sqlite:(?:\/\/(?=\/))?(?!\/\/)(.+)$/.exec(url)?.[1];
  return path === undefined || path === ':memory:' ? url : `sqlite:${resolvePath(path, options)}`;
}

function resolvePath(path: string, { folder, homeFolder }: ResolvePathsOptions): string {
  return /^~(?:[\\/]|$)/.test(path) ? join(homeFolder, path.slice(1)) : resolve(folder, path);
}
