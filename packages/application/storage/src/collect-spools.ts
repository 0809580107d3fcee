import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFileName as spoolName } from '@holdfast/files';
import type { CollectLeftoversOptions, Leftover, LeftoverReport } from '@holdfast/ports';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const nameless = new RegExp(`^${spoolName.before}${uuid}\\${spoolName.after}$`);
/** How earlier versions called a spool, which kept its name as long as it was used. */
const named = new RegExp(`^holdfast-spool-${uuid}$`);

export interface CollectSpoolsOptions extends CollectLeftoversOptions {
  /** No process of an earlier version saves at this moment. @default false */
  readonly isAlone?: boolean | undefined;
}

/** Removes what savers that were killed left in a spool folder. Files of other users are left alone. */
export async function collectSpools(
  folder: string,
  { isDryRun = false, isAlone = false }: CollectSpoolsOptions = {},
): Promise<LeftoverReport> {
  const removed: Leftover[] = [];
  const kept: Leftover[] = [];
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => nameless.test(one) || named.test(one))) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.uid !== (process.getuid?.() ?? found.uid)) continue;
    const file = { name, sizeBytes: found.size };
    if (named.test(name) && !isAlone) kept.push({ ...file, reason: whyKept });
    else if (isDryRun || (await isUnlinked(path))) removed.push({ ...file, reason: whyRemoved });
    else kept.push({ ...file, reason: 'it cannot be removed, perhaps because it is in use' });
  }
  return { removed, kept };
}

const whyRemoved = 'a save that was killed left it';
const whyKept =
  'an earlier version of Holdfast may still be saving from it: run holdfast gc --alone while nothing else saves';

async function isUnlinked(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
