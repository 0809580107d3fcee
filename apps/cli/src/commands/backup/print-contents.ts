import { printCount } from '../../output/print-count.ts';

/** The versions of a backup, and its records where it has some. */
export function printContents(versionCount: number, recordCounts: Readonly<Record<string, number>>): string {
  const recordCount = Object.values(recordCounts).reduce((sum, count) => sum + count, 0);
  const versions = printCount(versionCount, 'version');
  return recordCount === 0 ? versions : `${versions}, ${printCount(recordCount, 'record')}`;
}
