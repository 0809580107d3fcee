import type { RegistryCaseContext } from './registry-case-context.ts';

/** What a case is about; one group is one `describe`. */
export type RegistryCaseGroup =
  | 'models'
  | 'summaries'
  | 'versions'
  | 'aliases'
  | 'objects'
  | 'archive'
  | 'manifests'
  | 'fence'
  | 'records'
  | 'series'
  | 'unit of work'
  | 'store';

/** One promise of the registry's protocols, as data: it can be registered with vitest or run by itself. */
export interface RegistryCase {
  readonly group: RegistryCaseGroup;
  /** A sentence, unique among all cases, that says what is promised. */
  readonly name: string;
  /** Runs only where the store can be opened twice. */
  readonly needsSecondHandle?: true;
  /** Throws an assertion error when the store breaks the promise. */
  readonly run: (context: RegistryCaseContext) => Promise<void>;
}

/** A case as it is written down in the file of its group. */
export type UngroupedRegistryCase = Omit<RegistryCase, 'group'>;

/** Puts cases into a group. */
export function inRegistryGroup(
  group: RegistryCaseGroup,
  cases: readonly UngroupedRegistryCase[],
): readonly RegistryCase[] {
  return cases.map((one) => ({ group, ...one }));
}
