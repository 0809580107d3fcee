/** The form of a backup; readers refuse any other. */
export const backupFormat = 'holdfast-backup-1';

/** The files of a backup, in their order; those of objects lie between the last two, sorted. */
export const backupFiles = {
  summary: 'holdfast-backup.json',
  records: 'registry.jsonl',
  objects: 'objects.jsonl',
  checksums: 'SHA256SUMS',
} as const;

/** How many records or objects are handled at once. */
export const batchSize = 500;
