import type { JsonValue } from '@holdfast/domain';
import type { JsonTree } from './json-reader.ts';

/** A parsed document as plain JSON; numbers that JSON has not, such as `NaN`, become their names. */
export function plainJson(tree: JsonTree): JsonValue {
  if (tree instanceof Map)
    return Object.fromEntries([...tree].map(([key, value]) => [key, plainJson(value)]));
  if (typeof tree === 'number' && !Number.isFinite(tree)) return String(tree);
  return Array.isArray(tree) ? tree.map(plainJson) : tree;
}
