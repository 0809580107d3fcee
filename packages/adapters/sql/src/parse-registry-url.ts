import { resolve } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/** Where an SQLite registry lies: a file by its absolute path, or memory. */
export type SqliteLocation = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'memory' };

/**
 * Reads `sqlite:/path/registry.db`, `sqlite:relative.db` or `sqlite::memory:`.
 * The path is taken as it is, without percent sequences or a query.
 *
 * @throws StorageError `invalid-configuration` when the URL is another one.
 */
export function parseRegistryUrl(url: string): SqliteLocation {
  if (url === 'sqlite::memory:') return { kind: 'memory' };
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '') : '';
  if (path !== '' && !path.startsWith('//') && !path.includes('\0'))
    return { kind: 'file', path: resolve(path) };
  const scheme = /^[a-z+]+:/i.exec(url)?.[0] ?? 'nothing';
  throw new StorageError({
    code: StorageErrorCode.InvalidConfiguration,
    operation: 'open',
    backend: StorageBackend.Database,
    message: `the URL of the registry begins with ${scheme} and names no SQLite file`,
    hint: 'A registry in SQLite is sqlite:/path/registry.db, sqlite:relative/registry.db or sqlite::memory:.',
  });
}
