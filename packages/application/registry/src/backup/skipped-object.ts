import type { BackupObject } from './backup-object.ts';

/** An object that is not in a backup because it cannot be read. */
export interface SkippedObject extends Pick<BackupObject, 'digest'> {
  readonly reason: string;
  /** The versions that need it, as `name:number`. */
  readonly affected: readonly string[];
}
