import type { ConfigurationIssue } from './configuration-issue.ts';
import { configurationSchema } from './configuration-schema.ts';
import type { Configuration } from './configuration.ts';
import { crossFieldIssues } from './cross-field-issues.ts';
import { plainLayoutIssues, withoutStoreLayoutFields } from './plain-layout-fields.ts';
import { toConfigurationIssues } from './to-configuration-issues.ts';

/** A valid configuration, or everything that is wrong with it. */
export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly issues: readonly ConfigurationIssue[] };

/**
 * Checks a configuration of the newest version: each field, then the rules between fields.
 *
 * Paths are compared as they are: make them absolute first.
 */
export function parseConfiguration(input: unknown): ParsedConfiguration {
  const parsed = configurationSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) return { ok: false, issues: toConfigurationIssues(parsed.error.issues, input) };
  const issues = [...crossFieldIssues(parsed.data), ...plainLayoutIssues(parsed.data, input)];
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, configuration: withoutStoreLayoutFields(parsed.data) };
}
