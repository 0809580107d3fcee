import { configurationFields, nearestSpelling } from '@holdfast/contracts';
import type { LocatedConfigurationIssue } from './configuration-error.ts';
import { type SettingAssignment, parseSettingText } from './setting-assignment.ts';

const source = 'flag:--set';

/** What `--set path=value` says about the configuration. */
export interface FlagSettings {
  readonly assignments: readonly SettingAssignment[];
  readonly issues: readonly LocatedConfigurationIssue[];
}

/** Reads the values of `--set`. */
export function flagSettings(flags: readonly string[]): FlagSettings {
  const found = flags.map(parseFlag);
  return {
    assignments: found.flatMap(({ assignment }) => assignment ?? []),
    issues: [...found.flatMap(({ issue }) => issue ?? []), ...contradictions(found)],
  };
}

/** The values are not shown: one could be a secret. */
function contradictions(found: readonly ParsedFlag[]): readonly LocatedConfigurationIssue[] {
  const values = new Map<string, Set<string>>();
  for (const { assignment } of found) {
    if (assignment === undefined) continue;
    const path = assignment.path.join('.');
    values.set(path, (values.get(path) ?? new Set()).add(JSON.stringify(assignment.value)));
  }
  return [...values]
    .filter(([, { size }]) => size > 1)
    .map(([path]) => ({ path, message: 'is set to several values', source }));
}

interface ParsedFlag {
  readonly assignment?: SettingAssignment;
  readonly issue?: LocatedConfigurationIssue;
}

function parseFlag(flag: string): ParsedFlag {
  const separator = flag.indexOf('=');
  if (separator === -1) {
    return { issue: { path: '', message: 'needs a field and a value', allowed: ['PATH=VALUE'], source } };
  }
  const path = flag.slice(0, separator).trim();
  const names = path.split('.');
  const fields = configurationFields()
    .filter((field) => field.path !== 'version')
    .map((field) => ({ ...field, path: withName(field.path, names[1]) }));
  const field = fields.find((candidate) => candidate.path === path);
  if (field !== undefined) {
    const value = parseSettingText(flag.slice(separator + 1), field.kind);
    return { assignment: { path: names, value, source: { source } } };
  }
  const nearest = nearestSpelling(
    path,
    fields.map((candidate) => candidate.path),
  );
  const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const allowed = fields.map((candidate) => candidate.path);
  return { issue: { path, message: `is not a field${suggestion}`, allowed, source } };
}

function withName(path: string, storeName = 'NAME'): string {
  return path.replace('*', () => storeName);
}
