import type { App, LoadedConfiguration } from '@holdfast/composition';
import type { Readable, Writable } from 'node:stream';
import type { Output } from '../output/output.ts';

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
  readonly configurationFile: string | undefined;
  /** Reads the configuration, once. */
  readonly loadConfiguration: () => Promise<LoadedConfiguration>;
  /** Opens stores and registry, once; they are closed when the command ends. */
  readonly openApp: () => Promise<App>;
}
