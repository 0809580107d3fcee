import { printTable } from '../documents/print-table.ts';
import { phrases } from './phrases.ts';

/** The glossary as the style guide shows it, as code, so that the check passes over it. */
export function phraseTable(): string {
  return printTable([['not', 'but'], ...phrases.map(({ not, but }) => [`\`${not}\``, but])]);
}
