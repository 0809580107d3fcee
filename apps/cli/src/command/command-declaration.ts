import type { CommandContext } from './command-context.ts';
import type { Invocation } from './invocation.ts';

/** What is stored and has a name: shells ask `holdfast completion --list` for it. */
export type NamedKind = 'model' | 'reference' | 'alias' | 'store' | 'experiment';

/** What a place of the command line takes, for shells that complete it. */
export type Completion = 'file' | NamedKind | readonly string[];

export interface ArgumentDeclaration {
  /** `<required>`, `[optional]`, `<several...>`. */
  readonly syntax: string;
  readonly description: string;
  readonly completion?: Completion;
}

export interface OptionDeclaration {
  /** As in `-o, --output <path>`. */
  readonly flags: string;
  readonly description: string;
  /** Whether it may stand several times. @default false */
  readonly isRepeatable?: boolean;
  /** The options that it cannot stand beside, by the names of their values. */
  readonly conflicts?: readonly string[];
  readonly completion?: Completion;
}

export interface CommandExample {
  readonly command: string;
  readonly explanation: string;
}

/** The headings of the help. */
export type CommandGroup = 'Models:' | 'Signals:' | 'Experiments:' | 'Maintenance:' | 'Setup:';

/** Does the work of a command. An exit code other than 0 says that a check did not hold. */
export type CommandHandler = (invocation: Invocation, context: CommandContext) => Promise<number | void>;

/**
 * Everything that is known of a command without running it: help and completion are made from it,
 * and what it needs is loaded only when it runs.
 */
export interface CommandDeclaration {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What more there is to know, as paragraphs. */
  readonly description?: string;
  /** The heading under which help lists it. */
  readonly group?: CommandGroup;
  readonly arguments?: readonly ArgumentDeclaration[];
  readonly options?: readonly OptionDeclaration[];
  readonly examples: readonly CommandExample[];
  /** What a failure means for the user, as a sentence. */
  readonly failure: string;
  readonly subcommands?: readonly CommandDeclaration[];
  readonly load?: () => Promise<CommandHandler>;
}
