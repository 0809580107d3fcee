import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a run of the conformance kit says of an adapter: the meta `storageContract` of one of its tests. */
export interface StorageDeclaration {
  readonly name: string;
  readonly undeclared: readonly string[];
  readonly maximumSizeBytes: number;
  readonly maximumKeyBytes: number;
  readonly quirks: Readonly<
    Record<string, { readonly reason: string; readonly fails: 'always' | 'sometimes' }>
  >;
}

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly meta: { readonly storageContract?: StorageDeclaration };
    }[];
  }[];
}

/** Of the adapters of the repository, in the order of their names; not of those that test the kit. */
export function storageDeclarations(root: string, results: Results): readonly StorageDeclaration[] {
  const adapters = join(root, 'packages', 'adapters');
  const bites = join(adapters, 'memory', 'test', 'bites');
  return results.testResults
    .filter(({ name }) => name.startsWith(adapters) && !name.startsWith(bites))
    .flatMap(({ assertionResults }) => assertionResults.flatMap(({ meta }) => meta.storageContract ?? []))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the last run of all tests wrote down. @throws Error when there was none. */
export function readResults(root: string): Results {
  const path = join(root, '.cache', 'test-results.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Results;
}
