import type { ConfigurationIssue } from '../src/configuration/configuration-issue.ts';
import { type ParsedConfiguration, parseConfiguration } from '../src/configuration/parse-configuration.ts';

/** Checks a configuration with the store `lake`, and with others before it. */
export function parseLake(lake: object, others: Readonly<Record<string, object>> = {}): ParsedConfiguration {
  return parseConfiguration({
    version: 1,
    stores: { ...others, lake },
    defaultStore: 'lake',
    database: { url: 'memory:' },
  });
}

/** What is wrong with it. */
export function issuesOf(
  lake: object,
  others: Readonly<Record<string, object>> = {},
): readonly ConfigurationIssue[] {
  const parsed = parseLake(lake, others);
  return parsed.ok ? [] : parsed.issues;
}
