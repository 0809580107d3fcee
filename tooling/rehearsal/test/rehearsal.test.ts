import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPublished, readWorkspace } from '@holdfast/tooling-lint';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageFacts } from '../src/package-facts.ts';
import { packageTableProblems } from '../src/package-table.ts';
import { Rehearsal } from '../src/rehearsal.ts';
import { root } from '../src/repository.ts';
import { describeContents } from './contents.ts';
import { describeReadmes } from './readmes.ts';
import { describeStrangers } from './strangers.ts';

const timeoutMs = 600_000;
vi.setConfig({ testTimeout: timeoutMs, hookTimeout: timeoutMs });

const published = readWorkspace(root).filter(isPublished);
const libraries = new Map(
  published.filter(({ layer }) => layer !== 'app').map(({ name, folder }) => [name, folder]),
);
let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await Rehearsal.begin();
});

afterAll(() => rehearsal?.[Symbol.asyncDispose]());

describe('a release', () => {
  it('gives all packages one version below 1.0', () => {
    const versions = new Set(rehearsal.packages.map(({ version }) => version));
    expect([...versions]).toEqual([expect.stringMatching(/^0\.[1-9]\d*\.\d+$/)]);
  });

  it('leaves the rules free of packages from others, and the formats of all but one', () => {
    const facts = packageFacts(rehearsal.packages, rehearsal.foreign);
    const brings = (name: string): unknown => facts.find((one) => one.name === `@holdfast/${name}`)?.all;
    expect(brings('domain')).toEqual([]);
    expect(brings('formats')).toEqual(['@holdfast/domain', 'yaml']);
  });

  it('brings the command line as one package', () => {
    const bundles = rehearsal.packages.filter(({ isBundle }) => isBundle);
    expect(bundles.map(({ name }) => name)).toEqual(['@holdfast/cli']);
    expect(bundles.flatMap(({ manifest }) => Object.keys(manifest.dependencies ?? {}))).toEqual([]);
  });

  it('is what docs/packages.md says; `pnpm generate:packages` brings that up to date', async () => {
    const page = await readFile(join(root, 'docs', 'packages.md'), 'utf8');
    expect(packageTableProblems(page, packageFacts(rehearsal.packages, rehearsal.foreign))).toEqual([]);
  });
});

describeContents(
  published.map(({ name }) => name),
  (name) => {
    const found = rehearsal.packages.find((one) => one.name === name);
    expect.assert(found !== undefined);
    return found;
  },
);
describeStrangers(() => rehearsal);
describeReadmes(libraries, () => rehearsal);
