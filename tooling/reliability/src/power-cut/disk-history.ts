import type { DiskChange, DiskImage, NodeId } from './disk-image.ts';

/** A change that a program asked for. */
export interface DiskStep {
  readonly change: DiskChange;
  /** For people: the system call and the path. */
  readonly text: string;
  readonly began: number;
  readonly ended: number;
  /** The new name of what loses its old one here: the old one cannot be gone while the new one is missing. */
  readonly requires?: DiskStep | undefined;
}

/** A wait for the disk: the changes of a node that had been made when it began are on the disk when it has ended. */
export interface DiskSync {
  readonly node: NodeId | 'everything';
  readonly began: number;
  readonly ended: number;
}

/** A line that the program has printed. */
export interface Acknowledgement {
  readonly line: string;
  readonly began: number;
}

/** What a program has done to a folder, in order. */
export interface DiskHistory {
  /** What was on the disk before; every node that is made later is in it too, empty and without a name. */
  readonly base: DiskImage;
  readonly steps: readonly DiskStep[];
  readonly syncs: readonly DiskSync[];
  readonly acknowledgements: readonly Acknowledgement[];
}
