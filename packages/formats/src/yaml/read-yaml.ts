import { DetailLimit } from '../detail-limit.ts';

/** A value of a YAML document; every scalar stays a text. */
export type YamlTree = string | readonly YamlTree[] | ReadonlyMap<string, YamlTree>;

/** Where and why a text is no YAML. */
export interface YamlFailure {
  readonly reason: string;
  /** UTF-16 units from the start. */
  readonly offset: number;
}

const mostAliases = 10_000;

/**
 * Reads YAML as PyYAML's safe loader takes it: version 1.1, with anchors, merge keys, flow
 * collections and keys that are given twice, of which the last holds.
 *
 * @param errorOf Makes the error to throw for a text that is no YAML.
 * @throws DetailLimit for nesting, or a number of aliases, beyond what is followed.
 */
export async function readYaml(text: string, errorOf: (failure: YamlFailure) => Error): Promise<YamlTree> {
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, {
      version: '1.1',
      schema: 'failsafe',
      merge: true,
      uniqueKeys: false,
      strict: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error !== undefined) throw errorOf({ reason: reasonOf(error.message), offset: error.pos[0] });
    return toTree(document.toJS({ mapAsMap: true, maxAliasCount: mostAliases }));
  } catch (error) {
    // A stack that is too deep, and the library's own error for too many aliases.
    if (error instanceof RangeError || error instanceof ReferenceError)
      throw new DetailLimit({ reason: 'the YAML nests or repeats too much to be followed' });
    throw error;
  }
}

function reasonOf(message: string): string {
  const [line = ''] = message.split('\n');
  return line.charAt(0).toLowerCase() + line.slice(1).replace(/[.:]$/, '');
}

function toTree(value: unknown): YamlTree {
  if (Array.isArray(value)) return value.map(toTree);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [keyOf(key), toTree(inner)]));
  return typeof value === 'string' ? value : '';
}

function keyOf(key: unknown): string {
  return typeof key === 'object' && key !== null ? JSON.stringify(key) : String(key);
}
