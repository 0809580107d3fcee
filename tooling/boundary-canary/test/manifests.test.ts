import { boundaries, layers } from '@holdfast/tooling-lint';
import { describe, expect, it } from 'vitest';
import { CanaryWorkspace, type ToolResult } from '../src/canary-workspace.ts';
import { layerPairs, type LayerPackage, writeLayerPackages } from '../src/layer-packages.ts';

describe('packages that all depend on each other', () => {
  it.each(['dependencies', 'peerDependencies', 'optionalDependencies'])(
    'are told apart by layer in %s',
    (field) => {
      const forbidden = layerPairs.filter(([from, to]) => !layers[from.layer].imports.includes(to.layer));
      expect(findings(check(field), 'may not depend on')).toEqual(lines(forbidden, 'may not depend on'));
    },
  );

  it('are told apart by layer in devDependencies', () => {
    const forbidden = layerPairs.filter(([from, to]) => {
      const { imports, testImports } = layers[from.layer];
      return ![...imports, ...testImports].includes(to.layer);
    });
    expect(findings(check('devDependencies'), 'may not test with')).toEqual(
      lines(forbidden, 'may not test with'),
    );
  });

  it('are refused by turbo, which sees dependencies of dependencies', () => {
    using workspace = new CanaryWorkspace();
    writeLayerPackages(workspace, 'dependencies');
    const { exitCode, output } = workspace.run('turbo', ['boundaries']);
    const text = output.replaceAll(/\s*\n\s*\|?\s*/g, ' ');
    const missed = layerPairs
      .filter(([from, to]) => !boundaries.tags[from.layer]?.dependencies.allow.includes(to.layer))
      .filter(
        ([from, to]) =>
          !text.includes(
            `Package \`${to.name}\` found without any tag listed in allowlist for \`${from.name}\``,
          ),
      );
    expect(missed.map(([from, to]) => `${from.layer} → ${to.layer}`)).toEqual([]);
    expect(text).toContain('Circular package dependency detected');
    expect(exitCode).toBe(1);
  });
});

describe('packages from outside', () => {
  it('are refused where a row names the allowed ones', () => {
    using workspace = new CanaryWorkspace();
    writeLayerPackages(workspace, undefined);
    for (const folder of ['packages/domain', 'packages/contracts', 'packages/adapters/canary']) {
      workspace.write(`${folder}/package.json`, {
        name: `@holdfast/${folder.split('/').at(-1)}`,
        private: true,
        dependencies: { zod: 'catalog:', kysely: 'catalog:' },
        devDependencies: { tsyringe: 'catalog:' },
      });
    }
    expect(findings(workspace.run('node', ['tooling/lint/src/check-manifests.ts']), 'may not')).toEqual([
      'packages/adapters/canary/package.json: adapter may not wire with tsyringe',
      'packages/contracts/package.json: contracts may not depend on kysely',
      'packages/contracts/package.json: contracts may not wire with tsyringe',
      'packages/domain/package.json: domain may not depend on kysely',
      'packages/domain/package.json: domain may not depend on zod',
      'packages/domain/package.json: domain may not wire with tsyringe',
    ]);
  });
});

function check(field: string): ToolResult {
  using workspace = new CanaryWorkspace();
  writeLayerPackages(workspace, field);
  return workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
}

function findings({ output }: ToolResult, verb: string): readonly string[] {
  return output
    .split('\n')
    .filter((line) => line.includes(verb))
    .toSorted();
}

function lines(pairs: readonly (readonly [LayerPackage, LayerPackage])[], verb: string): readonly string[] {
  return pairs
    .map(([from, to]) => `${from.folder}/package.json: ${from.layer} ${verb} ${to.name}`)
    .toSorted();
}
