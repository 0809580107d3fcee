import type { ConfigurationFlags } from '@holdfast/composition';
import type { OptionDeclaration } from './command-declaration.ts';

/** The options of every command. */
export const globalOptions: readonly OptionDeclaration[] = [
  { flags: '--json', description: 'answer with one JSON document, or JSON lines, on standard output' },
  { flags: '-q, --quiet', description: 'no messages and no progress; warnings and errors stay' },
  { flags: '-v, --verbose', description: 'show the causes of an error, and slow queries of the database' },
  { flags: '--config <file>', description: 'the configuration file to use', completion: 'file' },
  {
    flags: '--set <path=value>',
    description: 'one value of the configuration, as stores.default.root=DIR',
    isRepeatable: true,
  },
  { flags: '--no-color', description: 'no colours (as with NO_COLOR=1)' },
];

/** The values of the options of every command. */
export interface GlobalSettings {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isColorRefused: boolean;
  /** What the command line says about the configuration. */
  readonly configuration: ConfigurationFlags;
}

/** Reads them from what the parser found. */
export function toGlobalSettings(values: Readonly<Record<string, unknown>>): GlobalSettings {
  const { json, quiet, verbose, color, config, set } = values;
  return {
    isJson: json === true,
    isQuiet: quiet === true,
    isVerbose: verbose === true,
    isColorRefused: color === false,
    configuration: {
      ...(typeof config === 'string' ? { config } : {}),
      ...(Array.isArray(set) ? { set: set.map(String) } : {}),
    },
  };
}

/** Reads them from a command line that the parser refused, as far as that goes. */
export function guessGlobalSettings(commandLine: readonly string[]): GlobalSettings {
  const end = commandLine.indexOf('--');
  const given = new Set(end === -1 ? commandLine : commandLine.slice(0, end));
  return {
    isJson: given.has('--json'),
    isQuiet: given.has('--quiet') || given.has('-q'),
    isVerbose: given.has('--verbose') || given.has('-v'),
    isColorRefused: given.has('--no-color'),
    configuration: {},
  };
}
