import { InvalidValueError } from '../invalid-value-error.ts';
import { parseAliasName } from './alias-name.ts';
import { parseModelName } from './model-name.ts';

/** A version of a model as people write it: its newest, one by number, or one by alias. */
export type ModelReference =
  | { readonly kind: 'latest'; readonly name: string }
  | { readonly kind: 'number'; readonly name: string; readonly number: number }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string };

/**
 * Parses `NAME`, `NAME:3` or `NAME@alias`. `NAME`, `NAME:latest` and `NAME@latest` mean the newest version.
 *
 * @throws InvalidValueError with the field `name`, `version` or `alias`.
 */
export function parseModelReference(text: string): ModelReference {
  const separator = text.search(/[:@]/);
  if (separator === -1) return { kind: 'latest', name: parseModelName(text) };
  const name = parseModelName(text.slice(0, separator));
  const rest = text.slice(separator + 1);
  if (rest === 'latest') return { kind: 'latest', name };
  if (text[separator] === '@') return { kind: 'alias', name, alias: parseAliasName(rest) };
  return { kind: 'number', name, number: parseVersionNumber(rest) };
}

/** Prints a reference as {@link parseModelReference} reads it. */
export function printModelReference(reference: ModelReference): string {
  if (reference.kind === 'number') return `${reference.name}:${reference.number}`;
  return reference.kind === 'alias' ? `${reference.name}@${reference.alias}` : reference.name;
}

/**
 * Parses the number of a version: a whole number from 1 up.
 *
 * @throws InvalidValueError with the field `version`.
 */
export function parseVersionNumber(text: string): number {
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidValueError({
    field: 'version',
    value: text,
    reason: 'is not a version number',
    hint: 'Versions are numbered from 1: NAME:3. An alias is written NAME@alias.',
  });
}
