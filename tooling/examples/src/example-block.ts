/** What an example prints, as its page shows it. */
export interface ShownOutput {
  /** The line of its first line in the page, counted from 1. */
  readonly line: number;
  readonly text: string;
}

interface Code {
  /** The line of its first line in the page, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** A TypeScript block: a module that is run, and what it prints. */
export interface ProgramBlock extends Code {
  readonly kind: 'program';
  readonly output: ShownOutput;
}

/** A shell block: commands for bash, and what they print on both streams. */
export interface CommandsBlock extends Code {
  readonly kind: 'commands';
  readonly output: ShownOutput;
}

/** A block with a file name after its language: the blocks below it find the file in their working folder. */
export interface FileBlock extends Code {
  readonly kind: 'file';
  readonly name: string;
}

/** A block that its page shows and nobody runs, with the reason that stands before it. */
export interface UnrunBlock {
  readonly kind: 'unrun';
  readonly line: number;
  readonly reason: string;
}

/** A part of a page that is code. */
export type ExampleBlock = ProgramBlock | CommandsBlock | FileBlock | UnrunBlock;

/** A document with its examples, in their order. They are run one after the other in one folder. */
export interface ExamplePage {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  /** The sample files that lie in the working folder before the first block is run. */
  readonly given: readonly string[];
  /** The S3 bucket that the page may write to, where it asks for one. */
  readonly bucket?: string | undefined;
  readonly blocks: readonly ExampleBlock[];
}
