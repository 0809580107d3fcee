/** Where a value was said. */
export interface ConfigurationSource {
  /** `default`, `file:PATH:LINE`, `environment:NAME` or `flag:--NAME`. */
  readonly source: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A part of a configuration with its source: a value, or a mapping of parts. */
export interface SettingNode {
  readonly source: ConfigurationSource;
  readonly value?: unknown;
  readonly children?: ReadonlyMap<string, SettingNode>;
}

/** The field that lies deepest has as many names in its path; below that, nothing is looked into. */
const deepestField = 4;

/** Makes a tree of a value. */
export function toSettingNode(
  value: unknown,
  sourceOf: (path: readonly string[]) => ConfigurationSource,
  path: readonly string[] = [],
): SettingNode {
  const source = sourceOf(path);
  if (!isMapping(value) || path.length === deepestField) return { source, value };
  const children = Object.entries(value).map(
    ([key, child]) => [key, toSettingNode(child, sourceOf, [...path, key])] as const,
  );
  return { source, children: new Map(children) };
}

/** The plain value of a tree. */
export function settingValue(node: SettingNode): unknown {
  if (node.children === undefined) return node.value;
  return Object.fromEntries(Array.from(node.children, ([key, child]) => [key, settingValue(child)]));
}

/** Replaces single values by their path. */
export function mapSettings(
  node: SettingNode,
  map: (value: unknown, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): SettingNode {
  if (node.children === undefined) return { ...node, value: map(node.value, path) };
  const children = Array.from(
    node.children,
    ([key, child]) => [key, mapSettings(child, map, [...path, key])] as const,
  );
  return { ...node, children: new Map(children) };
}

/** Where a path was said; where its nearest surroundings were, if it was not said itself. */
export function sourceAt(node: SettingNode, path: string): ConfigurationSource {
  for (const [key, child] of node.children ?? []) {
    if (path === key) return child.source;
    if (path.startsWith(`${key}.`)) return sourceAt(child, path.slice(key.length + 1));
  }
  return node.source;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
