import type { SettingNode } from './setting-node.ts';

/**
 * Lays one tree over another, mapping by mapping.
 *
 * A store that gets another backend is replaced as a whole: the fields of the old backend mean nothing to the new one.
 */
export function mergeSettings(base: SettingNode, overlay: SettingNode): SettingNode {
  if (base.children === undefined || overlay.children === undefined) return overlay;
  if (hasOtherBackend(base, overlay)) return overlay;
  const children = new Map(base.children);
  for (const [key, child] of overlay.children) {
    const below = children.get(key);
    children.set(key, below === undefined ? child : mergeSettings(below, child));
  }
  return { source: base.source.source === 'default' ? overlay.source : base.source, children };
}

function hasOtherBackend(base: SettingNode, overlay: SettingNode): boolean {
  const before = base.children?.get('backend');
  const after = overlay.children?.get('backend');
  return before !== undefined && after !== undefined && before.value !== after.value;
}
