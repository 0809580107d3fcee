import { type ConfigurationField, configurationFields, nearestSpelling } from '@holdfast/contracts';
import type { LocatedConfigurationIssue } from './configuration-error.ts';
import { configurationFileVariable, overridesIn } from './overrides-in.ts';
import { type SettingAssignment, parseSettingText } from './setting-assignment.ts';

/** What the environment says about the configuration. */
export interface EnvironmentSettings {
  readonly assignments: readonly SettingAssignment[];
  readonly issues: readonly LocatedConfigurationIssue[];
  /** Variables `HOLDFAST_…` that set nothing. */
  readonly ignored: readonly string[];
}

/**
 * Reads the variables that set fields. A field's variable is `HOLDFAST_` and its path in capitals, words joined by
 * underscores: `stores.big-lake.createIfMissing` is `HOLDFAST_STORES_BIG_LAKE_CREATE_IF_MISSING`. An empty one says nothing.
 * A misspelt one is an error; one that means something else, such as those that Kubernetes sets for a service, is ignored.
 */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentSettings {
  const names = overridesIn({ environment });
  const fields = names.length === 0 ? [] : configurationFields().filter(({ path }) => path !== 'version');
  const assignments: SettingAssignment[] = [];
  const issues: LocatedConfigurationIssue[] = [];
  const ignored: string[] = [];
  for (const name of names) {
    const found = findField(name, fields);
    if (found === undefined) {
      const issue = misspelt(name, fields);
      if (issue === undefined) ignored.push(name);
      else issues.push(issue);
      continue;
    }
    const value = parseSettingText(environment[name] ?? '', found.kind);
    assignments.push({ path: found.path, value, source: { source: `environment:${name}` } });
  }
  return { assignments, issues, ignored };
}

/** The variable of a field; of a store's field, for the store's name. */
export function variableOf(path: string, storeName: string): string {
  const words = path.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).replace('*', () => storeName);
  return `HOLDFAST_${words.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

interface FoundField {
  readonly path: readonly string[];
  readonly kind: ConfigurationField['kind'];
}

function findField(name: string, fields: readonly ConfigurationField[]): FoundField | undefined {
  for (const { path, kind } of fields) {
    const [before = '', after] = variableOf(path, '*').split('*');
    if (after === undefined ? name === before : name.startsWith(before) && name.endsWith(after)) {
      const words = after === undefined ? '' : name.slice(before.length, -after.length);
      if (after !== undefined && !/^[A-Z0-9]+(?:_[A-Z0-9]+)*$/.test(words)) continue;
      return { kind, path: path.split('.').map((key) => (key === '*' ? toStoreName(words) : key)) };
    }
  }
  return undefined;
}

function toStoreName(words: string): string {
  return words.toLowerCase().replaceAll('_', '-');
}

function misspelt(
  name: string,
  fields: readonly ConfigurationField[],
): LocatedConfigurationIssue | undefined {
  const known = [configurationFileVariable, ...fields.flatMap(({ path }) => variablesLike(name, path))];
  const spelling = (variable: string) => variable.slice('HOLDFAST_'.length);
  const nearest = nearestSpelling(spelling(name), known.map(spelling));
  const section = (variable: string) => variable.split('_', 2).join('_');
  const isOurs = fields.some(({ path }) => section(variableOf(path, '')) === section(name));
  if (nearest === undefined && !isOurs) return undefined;
  const suggestion = nearest === undefined ? '' : `; did you mean HOLDFAST_${nearest}?`;
  return { path: '', message: `is not a setting${suggestion}`, source: `environment:${name}` };
}

/** What a variable could have been meant to be: a store's field has one for every way to read the store's name. */
function variablesLike(name: string, path: string): readonly string[] {
  if (!path.includes('*')) return [variableOf(path, '')];
  const words = name.split('_').slice(2);
  return words.slice(1).map((_, index) => variableOf(path, words.slice(0, index + 1).join('-')));
}
