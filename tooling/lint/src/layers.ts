/** One row of "who may import whom". */
export interface Layer {
  /** Where its packages lie; `*` stands for one folder name. The first row that fits a folder wins. */
  readonly folder: string;
  /** Layers that shipped code may import. */
  readonly imports: readonly LayerName[];
  /** Layers that tests may import beside those. */
  readonly testImports: readonly LayerName[];
  /** Packages from outside this repository that shipped code may use. */
  readonly external: readonly string[] | 'any';
  /** Whether code may use Node's own modules. */
  readonly node: 'never' | 'in tests' | 'always';
}

/** The tags that packages carry in their `turbo.json`. */
export type LayerName =
  | 'domain'
  | 'ports'
  | 'formats'
  | 'files'
  | 'work'
  | 'application-storage'
  | 'application-registry'
  | 'application-signals'
  | 'application-caching'
  | 'contracts'
  | 'adapter-kit'
  | 'adapter'
  | 'conformance'
  | 'composition'
  | 'web'
  | 'app'
  | 'benchmarks'
  | 'tooling';

const pure = ['domain', 'ports', 'formats'] as const;
const floor = ['files', 'work'] as const;
const application = [
  'application-storage',
  'application-registry',
  'application-signals',
  'application-caching',
] as const;
const product = [...pure, ...floor, ...application, 'contracts', 'adapter-kit', 'adapter'] as const;
const fakes = ['adapter', 'conformance', 'tooling'] as const;

function applicationLayer(context: string, ...others: LayerName[]): Layer {
  return {
    folder: `packages/application/${context}`,
    imports: [...pure, ...floor, ...others],
    testImports: fakes,
    external: [],
    node: 'always',
  };
}

/** What touches files, or runs work side by side, for every layer above. */
function floorLayer(name: string): Layer {
  return {
    folder: `packages/${name}`,
    imports: ['domain'],
    testImports: ['tooling'],
    external: [],
    node: 'always',
  };
}

/**
 * Who may import whom. The rules of `turbo boundaries`, the import rules of the linter, the check of
 * the manifests and the canary are all made from this table.
 */
export const layers: Readonly<Record<LayerName, Layer>> = {
  domain: { folder: 'packages/domain', imports: [], testImports: [], external: [], node: 'never' },
  ports: { folder: 'packages/ports', imports: ['domain'], testImports: [], external: [], node: 'in tests' },
  formats: {
    folder: 'packages/formats',
    imports: ['domain'],
    testImports: ['tooling'],
    external: ['yaml'],
    node: 'in tests',
  },
  files: floorLayer('files'),
  work: floorLayer('work'),
  'application-storage': applicationLayer('storage'),
  'application-registry': applicationLayer('registry', 'application-storage'),
  'application-signals': applicationLayer('signals', 'application-storage'),
  'application-caching': applicationLayer('caching', 'application-storage'),
  contracts: {
    folder: 'packages/contracts',
    imports: ['domain'],
    testImports: [],
    external: ['zod'],
    node: 'in tests',
  },
  'adapter-kit': {
    folder: 'packages/adapter-kit',
    imports: ['domain', 'ports', ...floor],
    testImports: ['conformance'],
    external: [],
    node: 'always',
  },
  adapter: {
    folder: 'packages/adapters/*',
    imports: [...pure, ...floor, 'adapter-kit'],
    testImports: ['conformance', 'tooling'],
    external: 'any',
    node: 'always',
  },
  conformance: {
    folder: 'packages/conformance',
    imports: ['domain', 'ports'],
    testImports: [],
    external: ['fast-check', 'vitest'],
    node: 'always',
  },
  composition: {
    folder: 'packages/composition',
    imports: product,
    testImports: ['tooling'],
    external: 'any',
    node: 'always',
  },
  web: {
    folder: 'apps/web',
    imports: ['contracts'],
    testImports: ['tooling'],
    external: 'any',
    node: 'in tests',
  },
  app: {
    folder: 'apps/*',
    imports: ['composition', ...application, 'contracts', ...floor, 'formats', 'ports', 'domain'],
    testImports: ['tooling'],
    external: 'any',
    node: 'always',
  },
  benchmarks: {
    folder: 'tooling/benchmarks',
    imports: [...product, 'composition', 'app', 'tooling'],
    testImports: [],
    external: 'any',
    node: 'always',
  },
  tooling: { folder: 'tooling/*', imports: ['tooling'], testImports: [], external: 'any', node: 'always' },
};

/** Packages that only the composition may use: everything else takes its collaborators as arguments. */
export const wiring = ['tsyringe', 'reflect-metadata'] as const;
