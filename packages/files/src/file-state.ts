import type { BigIntStats } from 'node:fs';

/** What shows that a file was written to: compared before and after it is read. */
export interface FileState {
  readonly device: bigint;
  readonly inode: bigint;
  readonly sizeBytes: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  readonly links: bigint;
}

/** The state that a look at a file shows. */
export function fileStateOf({ dev, ino, size, mtimeNs, ctimeNs, nlink }: BigIntStats): FileState {
  return {
    device: dev,
    inode: ino,
    sizeBytes: size,
    modifiedNs: mtimeNs,
    changedNs: ctimeNs,
    links: nlink,
  };
}

/**
 * Whether two looks show one file with the same bytes. A name that is added to or taken from a file, as a rename over
 * it does, moves its time of change and not its bytes.
 */
export function isSameFileState(before: FileState, after: FileState): boolean {
  const isSameFile = before.device === after.device && before.inode === after.inode;
  const isSameContent = before.sizeBytes === after.sizeBytes && before.modifiedNs === after.modifiedNs;
  return (
    isSameFile && isSameContent && (before.changedNs === after.changedNs || before.links !== after.links)
  );
}
