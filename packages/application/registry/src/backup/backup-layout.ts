/** The form of a backup that is made. */
export const backupFormat = 'holdfast-backup-2';

/** The forms of backups that are read; readers refuse any other. The first one has no records of kinds. */
export const readableFormats: readonly string[] = ['holdfast-backup-1', backupFormat];

/** The files of a backup, in their order; those of objects lie between the last two, sorted. */
export const backupFiles = {
  summary: 'holdfast-backup.json',
  records: 'registry.jsonl',
  objects: 'objects.jsonl',
  checksums: 'SHA256SUMS',
} as const;

/** How many records or objects are handled at once. */
export const batchSize = 500;
