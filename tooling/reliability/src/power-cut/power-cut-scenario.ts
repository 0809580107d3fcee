import type { TracedProgram } from '../traced-program.ts';

/** What a folder holds, by names of the scenario's own. */
export type FolderContents = ReadonlyMap<string, string>;

/** What a folder holds while the program runs on without a power cut. */
export interface KnownContents {
  /** After each line before the last, the first before any of them. */
  readonly earlier: readonly FolderContents[];
  /** After the last line that had been printed. */
  readonly acknowledged: FolderContents;
  /** After the line that was due next. */
  readonly next: FolderContents | undefined;
}

/** A program that changes a folder and prints a line whenever something is done, and what that is worth. */
export interface PowerCutScenario {
  readonly program: TracedProgram;
  /** What the program is called with, given the folder. */
  readonly parameters: (folder: string) => readonly string[];
  /** Fills the folder before; all of that is on the disk. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Reads everything and checks it. It may change the folder. @throws when anything is half there or damaged. */
  readonly observe: (folder: string) => Promise<FolderContents>;
  /** What may be there. @default what was there after the last line, or what will be after the next */
  readonly isAllowed?: (contents: FolderContents, known: KnownContents) => boolean;
  /** Names of what is made one by one, or absent while it is being replaced. @default none */
  readonly mayLackMeanwhile?: readonly string[];
  /** How many different survivors are tried for each moment, where not all can be. @default 12 */
  readonly statesPerMoment?: number;
}

/** What was tried. */
export interface PowerCutReport {
  /** The moments at which the power was cut. */
  readonly moments: number;
  /** What was on the disk then: how many different states. */
  readonly states: number;
  /** What was there after the last line. */
  readonly contents: FolderContents;
}
