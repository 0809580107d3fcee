import type { StorageCapabilityName } from './storage-case.ts';
import type { StorageHarness, StorageQuirk } from './storage-harness.ts';
import { undeclaredCapabilities } from './undeclared-capabilities.ts';

/** The case that compares what an adapter declares with what is expected of it. */
export const declarationCase = 'declares the capabilities that the harness expects';

/** What a run says of an adapter beside its cases: the task meta `storageContract` of {@link declarationCase}. */
export interface StorageDeclaration {
  /** The adapter, and what it was tested on. */
  readonly name: string;
  /** What is refused with `unsupported`. */
  readonly undeclared: readonly StorageCapabilityName[];
  readonly maximumSizeBytes: number;
  readonly maximumKeyBytes: number;
  readonly quirks: Readonly<Record<string, Pick<StorageQuirk, 'reason' | 'fails'>>>;
}

declare module 'vitest' {
  interface TaskMeta {
    storageContract?: StorageDeclaration;
  }
}

/** What the harness of an adapter declares. */
export function storageDeclaration(name: string, harness: StorageHarness): StorageDeclaration {
  const { capabilities, quirks = {} } = harness;
  const { maximumSizeBytes, maximumKeyBytes } = capabilities;
  return {
    name,
    undeclared: undeclaredCapabilities(capabilities),
    maximumSizeBytes,
    maximumKeyBytes,
    quirks: Object.fromEntries(
      Object.entries(quirks).map(([caseName, { reason, fails }]) => [caseName, { reason, fails }]),
    ),
  };
}
