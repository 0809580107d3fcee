import { displayWidth } from './display-width.ts';

/** Names and values under each other, the values aligned; a value of several lines goes on below itself. */
export function printFields(
  fields: readonly (readonly [name: string, value: string])[],
  options: { readonly paintName?: (name: string) => string; readonly indent?: string } = {},
): string {
  const { paintName = (name) => name, indent = '' } = options;
  const width = Math.max(0, ...fields.map(([name]) => displayWidth(name)));
  return fields
    .map(([name, value]) => {
      const padding = ' '.repeat(width - displayWidth(name) + 2);
      const lines = value.split('\n').join(`\n${indent}${' '.repeat(width + 2)}`);
      return `${indent}${paintName(name)}${padding}${lines}`.trimEnd();
    })
    .join('\n');
}
