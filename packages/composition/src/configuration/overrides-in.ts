import type { ConfigurationFlags } from './configuration-flags.ts';

const prefix = 'HOLDFAST_';

/** Variables of our own that are no settings: what the tests and the installation of a checkout look at. */
const others = /^HOLDFAST_(?:ACTOR|CONFIG|CORPUS|INSTALL_SYSTEM|TRUSTED_FOLDERS|TEST(?:_.*)?)$/;

/** Says which file to read; the one variable that is not the name of a field. */
export const configurationFileVariable = 'HOLDFAST_CONFIG';

export interface OverridesOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: ConfigurationFlags | undefined;
}

/** The names of what may override the file: variables that are not empty, and flags. */
export function overridesIn({ environment, flags }: OverridesOptions): readonly string[] {
  const variables = Object.keys(environment).filter(
    (name) => name.startsWith(prefix) && !others.test(name) && environment[name],
  );
  return [...variables, ...(flags?.set ?? []).map(() => '--set')];
}
