import type { Digest } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';
import type { BackupReader } from '../backup/backup-reader.ts';
import type { ObjectHold } from '../backup/object-hold.ts';
import type { RebuiltRecords } from './rebuilt-records.ts';
import { locateObject } from './version-objects.ts';

export interface PlaceRecordObjectsOptions extends Cancellable {
  readonly storage: StorageService;
  readonly storeNames: readonly string[];
  readonly backup: BackupReader;
  readonly hold: ObjectHold;
}

/** Notes in which of the stores everything is that the records of a backup need; what is in none is marked as damaged. */
export async function placeRecordObjects(
  records: RebuiltRecords,
  needed: ReadonlySet<Digest>,
  { storage, storeNames, backup, hold, signal }: PlaceRecordObjectsOptions,
): Promise<void> {
  for await (const object of backup.objects()) {
    if (!needed.has(object.digest)) continue;
    await hold.hold([object.digest]);
    const places = await Promise.all(
      storeNames.map((storeName) => locateObject(object, { storage, storeName, signal })),
    );
    const found = places.filter(({ state }) => state === 'verified');
    for (const location of found.length === 0 ? places.slice(0, 1) : found)
      await records.add({ kind: 'location', location });
    if (found.length > 0) continue;
    const [storeName = ''] = storeNames;
    const reason = 'a record of the backup needs it, and no store has it';
    records.findings.push({ subject: object.digest, storeName, outcome: 'marked', reason });
  }
}
