import type { ConfigurationField } from '@holdfast/contracts';
import { mergeSettings } from './merge-settings.ts';
import type { ConfigurationSource, SettingNode } from './setting-node.ts';

/** One value that a variable or a flag sets. */
export interface SettingAssignment {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly source: ConfigurationSource;
}

/** Reads the text of a variable or flag as its field wants it. What does not fit stays a text, for the schema to refuse. */
export function parseSettingText(text: string, kind: ConfigurationField['kind']): unknown {
  if (kind === 'integer' && /^[+-]?\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(?:true|1)$/i.test(text)) return true;
  if (kind === 'boolean' && /^(?:false|0)$/i.test(text)) return false;
  return text;
}

/** Puts assignments over a tree, the last one on top. */
export function assignSettings(base: SettingNode, assignments: readonly SettingAssignment[]): SettingNode {
  return assignments.map(toNode).reduce(mergeSettings, base);
}

function toNode({ path, value, source }: SettingAssignment): SettingNode {
  const [key, ...rest] = path;
  if (key === undefined) return { source, value };
  return { source, children: new Map([[key, toNode({ path: rest, value, source })]]) };
}
