import type { JsonValue } from '../json-value.ts';
import { type CodeFacts, whyCodeMayHide } from './scan-verdict.ts';

/** What a careful user should know of a version, as sentences: what its inspection warned of, and code that may hide. */
export function versionWarnings(version: CodeFacts): readonly string[] {
  const warnings = version.inspection?.['warnings'];
  const risk = whyCodeMayHide(version);
  const messages = Array.isArray(warnings) ? warnings.map(messageOf) : [];
  return [...messages.filter((message) => message !== ''), ...(risk === undefined ? [] : [risk])];
}

function messageOf(warning: JsonValue): string {
  if (typeof warning !== 'object' || warning === null || Array.isArray(warning)) return '';
  const message = (warning as { readonly [key: string]: JsonValue })['message'];
  return typeof message === 'string' ? message : '';
}
