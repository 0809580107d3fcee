import { DetailLimit } from '../detail-limit.ts';

/** A value of a YAML document; every scalar stays a text. */
export type YamlTree = string | readonly YamlTree[] | ReadonlyMap<string, YamlTree>;

const mostAliases = 10_000;
/** The library looks through all nodes for each alias: the product of both is what that costs. */
const mostLookups = 5_000_000;

/**
 * Reads YAML as PyYAML's safe loader takes it: version 1.1, with anchors, merge keys, flow
 * collections and keys that are given twice, of which the last holds.
 *
 * @throws DetailLimit for a text that the library does not take for YAML, which PyYAML may, and for nesting, or a number of
 *   aliases, beyond what is followed.
 */
export async function readYaml(text: string): Promise<YamlTree> {
  const { isAlias, parseDocument, visit } = await import('yaml');
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
    if (error !== undefined) throw new DetailLimit({ reason: placed(text, error) });
    const count = { nodes: 0, aliases: 0 };
    visit(document, (_key, node) => {
      count.nodes += 1;
      if (isAlias(node)) count.aliases += 1;
    });
    if (count.nodes * count.aliases > mostLookups) throw tooRepetitive();
    return toTree(document.toJS({ mapAsMap: true, maxAliasCount: mostAliases }));
  } catch (error) {
    // A stack that is too deep, and the library's own error for too many aliases.
    if (error instanceof RangeError || error instanceof ReferenceError) throw tooRepetitive();
    throw error;
  }
}

function tooRepetitive(): DetailLimit {
  return new DetailLimit({ reason: 'the YAML nests or repeats too much to be followed' });
}

function placed(
  text: string,
  { message, pos }: { readonly message: string; readonly pos: readonly number[] },
): string {
  const [line = ''] = message.split('\n');
  const number = text.slice(0, pos[0]).split('\n').length;
  return `line ${number} is not YAML: ${line.charAt(0).toLowerCase()}${line.slice(1).replace(/[.:]$/, '')}`;
}

function toTree(value: unknown): YamlTree {
  if (Array.isArray(value)) return value.map(toTree);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [keyOf(key), toTree(inner)]));
  return typeof value === 'string' ? value : '';
}

function keyOf(key: unknown): string {
  return typeof key === 'object' && key !== null ? JSON.stringify(key) : String(key);
}
