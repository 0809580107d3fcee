import { readFile } from 'node:fs/promises';
import { migrateConfiguration } from '@holdfast/contracts';
import { LineCounter, type Node, isMap, isNode, isScalar, parseDocument } from 'yaml';
import { ConfigurationError, type LocatedConfigurationIssue } from './configuration-error.ts';
import { type ConfigurationSource, type SettingNode, sourceAt, toSettingNode } from './setting-node.ts';

const mostAliases = 100;

/**
 * Reads a configuration file of any version that there was.
 *
 * @throws ConfigurationError when it cannot be read, is no YAML, or has a version that this program does not know.
 */
export async function readConfigurationFile(file: string): Promise<SettingNode> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => positionIn(file, lines, offset);
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    throw new ConfigurationError(problems.map(({ message, pos }) => ({ path: '', message, ...at(pos[0]) })));
  }
  const content = toContent(() => document.toJS({ maxAliasCount: mostAliases }) as unknown, at(0));
  const positions = new Map<string, ConfigurationSource>();
  collectPositions(document.contents, (path, offset) => positions.set(path, at(offset)));
  const sourceOf = (path: readonly string[]): ConfigurationSource => {
    const found = positions.get(path.join('\0'));
    return found ?? (path.length === 0 ? at(0) : sourceOf(path.slice(0, -1)));
  };
  const migrated = migrateConfiguration(content);
  if (migrated.ok) {
    const { version, ...fields } = migrated.file;
    return toSettingNode('version' in content ? { version, ...fields } : fields, sourceOf);
  }
  const tree = toSettingNode(content, sourceOf);
  throw new ConfigurationError(migrated.issues.map((issue) => ({ ...issue, ...sourceAt(tree, issue.path) })));
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const message =
      error instanceof TypeError ? 'is not a text in UTF-8' : `cannot be read: ${String(error)}`;
    throw new ConfigurationError([{ path: '', message, source: `file:${file}`, file }], { cause: error });
  }
}

/** A mapping without content, such as one whose every line is a comment, says nothing. */
function toContent(read: () => unknown, place: ConfigurationSource): Readonly<Record<string, unknown>> {
  const content = readOrRefuse(read, place) ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) throw refusal('is not a mapping', place);
  const entries = Object.entries(content).filter(([key, value]) => value !== null || !isSection(key));
  return Object.fromEntries(entries);
}

function isSection(key: string): boolean {
  return key === 'stores' || key === 'database';
}

function readOrRefuse(read: () => unknown, place: ConfigurationSource): unknown {
  try {
    return read();
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error), place);
  }
}

function refusal(message: string, place: ConfigurationSource): ConfigurationError {
  const issue: LocatedConfigurationIssue = { path: '', message, ...place };
  return new ConfigurationError([issue]);
}

function collectPositions(
  node: Node | null,
  collect: (path: string, offset: number) => void,
  path: readonly string[] = [],
): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const place = [...path, String(key.value)];
    collect(place.join('\0'), key.range?.[0] ?? 0);
    if (isNode(value)) collectPositions(value, collect, place);
  }
}

function positionIn(file: string, lines: LineCounter, offset: number): ConfigurationSource {
  const { line, col } = lines.linePos(offset);
  return {
    source: `file:${file}:${Math.max(line, 1)}`,
    file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
  };
}
