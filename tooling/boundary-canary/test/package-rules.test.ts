import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanaryWorkspace } from '../src/canary-workspace.ts';
import { writeLayerPackages } from '../src/layer-packages.ts';

let workspace: CanaryWorkspace;

beforeAll(() => {
  workspace = new CanaryWorkspace();
  writeLayerPackages(workspace, undefined);
});

afterAll(() => workspace[Symbol.dispose]());

describe('turbo', () => {
  it('refuses an import of a package that the manifest does not name', () => {
    workspace.write('packages/ports/src/undeclared.ts', "export { value } from '@holdfast/canary-domain';\n");
    const { exitCode, output } = workspace.run('turbo', ['boundaries']);
    expect(output).toMatch(
      /cannot import package `@holdfast\/canary-domain` because it is not a\s*\|?\s*dependency/,
    );
    expect(output).toContain('packages/ports/src/undeclared.ts');
    expect(exitCode).toBe(1);
  });

  it("refuses a path into another package's folder", () => {
    workspace.write('packages/formats/src/escape.ts', "export { value } from '../../domain/src/value.ts';\n");
    workspace.write('packages/domain/src/value.ts', 'export const value = 1;\n');
    const { exitCode, output } = workspace.run('turbo', ['boundaries']);
    expect(output).toMatch(/`..\/..\/domain\/src\/value.ts` leaves the package/);
    expect(output).toContain('packages/formats/src/escape.ts');
    expect(exitCode).toBe(1);
  });
});

describe('the check of names', () => {
  it.each([
    'packages/ports/src/utils.ts',
    'packages/ports/src/common/thing.ts',
    'tooling/canary/helpers.mjs',
    'apps/canary/src/misc.test.ts',
  ])('refuses %s', (path) => {
    workspace.write(path, 'export const value = 1;\n');
    const { exitCode, output } = workspace.run('node', ['tooling/lint/src/check-names.ts']);
    expect(output).toContain(`${path}: is named after nothing`);
    expect(exitCode).toBe(1);
  });
});

describe('the check of generated files', () => {
  it('refuses a tag that is not that of the folder', () => {
    expect(outdatedAfter('packages/ports/turbo.json', { extends: ['//'], tags: ['composition'] })).toContain(
      'packages/ports/turbo.json: is not what',
    );
  });

  it('refuses references that are not those of the manifest', () => {
    workspace.run('node', ['tooling/lint/src/generate.ts']);
    expect(outdatedAfter('tsconfig.json', { files: [], references: [{ path: 'packages/nowhere' }] })).toMatch(
      /^tsconfig.json: is not what/m,
    );
  });

  it('refuses rules of turbo that are not those of the table', () => {
    workspace.run('node', ['tooling/lint/src/generate.ts']);
    expect(outdatedAfter('turbo.json', { boundaries: { tags: {} } })).toMatch(/^turbo.json: is not what/m);
  });

  it('refuses a published manifest that is not like the others', () => {
    workspace.write('packages/domain/package.json', {
      name: '@holdfast/canary-domain',
      exports: './index.js',
    });
    workspace.run('node', ['tooling/lint/src/generate.ts']);
    const written = readFileSync(join(workspace.folder, 'packages/domain/package.json'), 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      engines: { node: '>=22.18' },
      sideEffects: false,
      exports: { '.': { '@holdfast/source': './src/index.ts' } },
      publishConfig: { provenance: true, exports: { '.': { types: './dist/index.d.ts' } } },
      repository: { directory: 'packages/domain' },
    });
    const changed = { ...(JSON.parse(written) as object), engines: { node: '>=18' } };
    expect(outdatedAfter('packages/domain/package.json', changed)).toContain(
      'packages/domain/package.json: is not what',
    );
  });

  function outdatedAfter(path: string, content: object): string {
    workspace.write(path, content);
    const { exitCode, output } = workspace.run('node', ['tooling/lint/src/generate.ts', '--check']);
    expect(exitCode).toBe(1);
    return output;
  }
});

describe('the check of manifests', () => {
  it('refuses a published package that is not like the others', () => {
    workspace.write('packages/ports/package.json', {
      name: '@holdfast/canary-ports',
      license: 'MIT',
      type: 'module',
      engines: { node: '>=20' },
      devDependencies: { '@types/node': '22.0.0' },
    });
    const { exitCode, output } = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    const problems = output.split('\n').filter((line) => line.startsWith('packages/ports/package.json: '));
    expect(problems.map((line) => line.replace('packages/ports/package.json: ', '').slice(0, 24))).toEqual([
      '"license" has to be "Apa',
      '@types/node has to be "c',
      '"description" has to say',
      '"keywords" has to hold "',
      'has no README.md beside ',
    ]);
    expect(exitCode).toBe(1);
  });

  it('refuses a shipped dependency of which no patch may be taken', () => {
    const manifest = { name: '@holdfast/canary-contracts', license: 'Apache-2.0', type: 'module' };
    workspace.write('packages/contracts/package.json', { ...manifest, dependencies: { vitest: 'catalog:' } });
    const { output } = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    expect(output).toContain('packages/contracts/package.json: vitest is shipped: its version');
    workspace.write('packages/contracts/package.json', { ...manifest, dependencies: { zod: 'catalog:' } });
    const mended = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    expect(mended.output).not.toContain('is shipped');
  });

  it('refuses a published bundle that brings packages', () => {
    workspace.write('apps/canary/package.json', { name: '@holdfast/canary-app', dependencies: {} });
    const { output } = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    expect(output).toContain('apps/canary/package.json: is published as a bundle');
  });

  it('refuses tooling that is published', () => {
    workspace.write('tooling/canary/package.json', { name: '@holdfast/tooling-canary' });
    const { output } = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    expect(output).toContain('tooling/canary/package.json: is not for others');
  });

  it('refuses a package outside of every layer', () => {
    workspace.write('packages/stray/package.json', { name: '@holdfast/canary-stray' });
    const { exitCode, output } = workspace.run('node', ['tooling/lint/src/check-manifests.ts']);
    expect(output).toContain('packages/stray belongs to no layer');
    expect(exitCode).toBe(1);
  });
});
