import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostIdentity } from '@holdfast/adapter-kit';
import type { SqliteLocation } from '../parse-registry-url.ts';

/** Which file of which start of which machine a database is; a database in memory is nowhere else. */
export async function placeOfSqlite(location: SqliteLocation): Promise<string> {
  if (location.kind === 'memory') return 'memory';
  const { dev, ino } = await stat(location.path, { bigint: true });
  return `${bootId()}:${dev}:${ino}`;
}

/**
 * Another one after each start of the system, so that a copied disk image is told from its original
 * (https://docs.kernel.org/admin-guide/sysctl/kernel.html#random). Elsewhere than on Linux it is the host.
 */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostIdentity().id;
  }
}
