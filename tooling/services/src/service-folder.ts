import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orphanGuard } from './orphan-guard.ts';

/** Makes an empty folder for the data of a server. */
export async function makeServiceFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-service-'));
  orphanGuard.watch({ folder });
  return folder;
}

/** Removes it with all that is in it. */
export async function removeServiceFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  orphanGuard.forget({ folder });
}
