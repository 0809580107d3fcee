import { type LayerName, layers } from '@holdfast/tooling-lint';
import type { CanaryWorkspace } from './canary-workspace.ts';

/** A package that stands for its layer. */
export interface LayerPackage {
  readonly name: string;
  readonly folder: string;
  readonly layer: LayerName;
}

const layerNames = Object.keys(layers) as LayerName[];

/** One package of every layer, and a second adapter, since adapters may not know each other. */
export const layerPackages: readonly LayerPackage[] = [
  ...layerNames.map((layer) => ({
    name: `@holdfast/canary-${layer}`,
    folder: layers[layer].folder.replace('*', 'canary'),
    layer,
  })),
  { name: '@holdfast/canary-other-adapter', folder: 'packages/adapters/other', layer: 'adapter' },
];

/** Every ordered pair of different packages. */
export const layerPairs: readonly (readonly [LayerPackage, LayerPackage])[] = layerPackages.flatMap((from) =>
  layerPackages.filter((to) => to !== from).map((to) => [from, to] as const),
);

/** Writes the packages; each depends on all the others in the given field of its manifest. */
export function writeLayerPackages(workspace: CanaryWorkspace, field: string | undefined): void {
  for (const { name, folder, layer } of layerPackages) {
    const others = layerPackages
      .filter((other) => other.name !== name)
      .map((other) => [other.name, 'workspace:*']);
    workspace.write(`${folder}/package.json`, {
      name,
      version: '0.0.0',
      type: 'module',
      license: 'Apache-2.0',
      private: true,
      ...(field === undefined ? {} : { [field]: Object.fromEntries(others) }),
    });
    workspace.write(`${folder}/turbo.json`, { extends: ['//'], tags: [layer] });
  }
}
