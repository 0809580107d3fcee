import { layers } from '@holdfast/tooling-lint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanaryWorkspace } from '../src/canary-workspace.ts';
import { layerPackages, layerPairs, type LayerPackage, writeLayerPackages } from '../src/layer-packages.ts';
import { lint } from '../src/lint.ts';

let workspace: CanaryWorkspace;
let found: readonly string[];

beforeAll(() => {
  workspace = new CanaryWorkspace();
  writeLayerPackages(workspace, undefined);
  for (const [from, to] of layerPairs) {
    for (const path of [shipped(from, to), test(from, to)]) {
      workspace.write(path, `export { value } from '${to.name}';\n`);
    }
  }
  found = lint(workspace);
});

afterAll(() => workspace[Symbol.dispose]());

describe.each(layerPackages)('$layer ($folder)', (self) => {
  const pairs = layerPairs.filter(([from]) => from === self);
  const { imports, testImports } = layers[self.layer];

  it('is told of exactly the imports that its row forbids', () => {
    const forbidden = pairs.filter(([, to]) => !imports.includes(to.layer));
    expect(reported(self, '.ts')).toEqual(restricted(forbidden.map(([, to]) => shipped(self, to))));
  });

  it('is told of exactly the imports that its row forbids to tests', () => {
    const forbidden = pairs.filter(([, to]) => ![...imports, ...testImports].includes(to.layer));
    expect(reported(self, '.test.ts')).toEqual(restricted(forbidden.map(([, to]) => test(self, to))));
  });
});

function shipped(from: LayerPackage, to: LayerPackage): string {
  return `${from.folder}/src/imports-${fileName(to)}.ts`;
}

function test(from: LayerPackage, to: LayerPackage): string {
  return `${from.folder}/src/imports-${fileName(to)}.test.ts`;
}

function fileName({ name }: LayerPackage): string {
  return name.replace('@holdfast/canary-', '');
}

function reported({ folder }: LayerPackage, ending: '.ts' | '.test.ts'): readonly string[] {
  return found.filter((line) => {
    const [path = ''] = line.split(' ');
    return path.startsWith(`${folder}/src/`) && path.endsWith('.test.ts') === (ending === '.test.ts');
  });
}

function restricted(paths: readonly string[]): readonly string[] {
  return paths.map((path) => `${path} no-restricted-imports`).toSorted();
}
