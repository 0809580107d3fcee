import { type LayerName, layers } from './layers.ts';

interface TagRule {
  readonly dependencies: { readonly allow: readonly LayerName[] };
}

/**
 * The rules of `turbo boundaries`. It follows dependencies of dependencies and counts those of tests,
 * so each layer lists everything that it can reach; the manifests' check is the exact one.
 */
export const boundaries: { readonly tags: Readonly<Record<string, TagRule>> } = {
  tags: Object.fromEntries(
    layerNames().map((name) => [
      name,
      { dependencies: { allow: layerNames().filter((other) => reachable(name).has(other)) } },
    ]),
  ),
};

function layerNames(): readonly LayerName[] {
  return Object.keys(layers) as LayerName[];
}

function reachable(start: LayerName): ReadonlySet<LayerName> {
  const found = new Set<LayerName>();
  const waiting: LayerName[] = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const { imports, testImports } = layers[name];
    for (const next of [...imports, ...testImports]) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(next);
    }
  }
  return found;
}
