import type { Readable, Writable } from 'node:stream';
import type { App, LoadedConfiguration } from '@holdfast/composition';
import type { Output } from '../output/output.ts';
import type { OpenAppOptions } from './app-session.ts';

export interface NestedRunOptions {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface NestedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command works with. */
export interface CommandContext {
  /** Where relative paths begin. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** For bytes; text goes through `output`. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Reads the configuration, once. */
  readonly loadConfiguration: () => Promise<LoadedConfiguration>;
  /**
   * Opens stores and registry, once; they are closed when the command ends.
   * Only with `create` is a database made that is not there.
   */
  readonly openApp: (options?: OpenAppOptions) => Promise<App>;
  /** Runs another command in another folder, and catches what it says. */
  readonly runNested: (commandLine: readonly string[], options: NestedRunOptions) => Promise<NestedRun>;
}
