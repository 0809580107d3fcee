import { folderSpace } from '@holdfast/files';
import type { StorageSpace } from '@holdfast/ports';
import { parseRegistryUrl } from '../parse-registry-url.ts';
import { isPostgresUrl } from '../postgres/postgres-location.ts';

/** The room for the file of a database; `undefined` for a server, which does not tell what its disks have left. */
export async function measureFileSpace(url: string): Promise<StorageSpace | undefined> {
  if (isPostgresUrl(url)) return undefined;
  const location = parseRegistryUrl(url);
  return location.kind === 'file' ? folderSpace(location.path) : undefined;
}
