/** Tests that are run for the report. */
export interface CountedSuite {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether its tests are counted themselves; else it records facts. */
  readonly isCounted: boolean;
  readonly passedTests?: number;
}

const adapters = 'packages/adapters';

/** Everything that tries to break Holdfast. */
export const suites: readonly CountedSuite[] = [
  {
    name: 'faults and races of the registry',
    files: ['crash/crash', 'race/', 'interleavings', 'schedules'].map(
      (file) => `packages/application/registry/test/${file}`,
    ),
    isCounted: false,
  },
  {
    name: 'faults of the store and of a plain folder',
    files: [`${adapters}/filesystem/test/crash.test.ts`, `${adapters}/filesystem/test/plain/crash.test.ts`],
    isCounted: false,
  },
  {
    name: 'conformance cases of storage: filesystem',
    files: [`${adapters}/filesystem/test/conformance.test.ts`],
    isCounted: true,
  },
  {
    name: 'conformance cases of storage: memory',
    files: [`${adapters}/memory/src/storage/memory-storage-adapter.test.ts`],
    isCounted: true,
  },
  {
    name: 'conformance cases of the registry: SQLite',
    files: [`${adapters}/sql/src/sql-registry-store.test.ts`],
    isCounted: true,
  },
  {
    name: 'conformance cases of the registry: memory',
    files: [`${adapters}/memory/src/registry/memory-registry-store.test.ts`],
    isCounted: true,
  },
  {
    name: 'times that a case catches an adapter or registry that is broken on purpose',
    files: [`${adapters}/memory/test/bites`, `${adapters}/memory/src/registry/kit-on`],
    isCounted: true,
  },
];
