import type { RebuildReport } from '@holdfast/ports';

/** Something that a rebuilt registry has not, or has with a flaw. */
export interface RebuildFinding {
  /** The version as `name:number`, or the object that cannot be read. */
  readonly subject: string;
  readonly storeName: string;
  /** `marked` is there, and known to be damaged. */
  readonly outcome: 'left out' | 'marked';
  readonly reason: string;
}

/** What was made of the stores of a lost registry. */
export interface RebuiltRegistry {
  /** The stores whose own records were lost too, and what was made of those. */
  readonly mendedStores: readonly (RebuildReport & { readonly storeName: string })[];
  /** Whether a registry was made; not when there was one and only a store had to be mended. */
  readonly isRebuilt: boolean;
  readonly modelCount: number;
  readonly versionCount: number;
  /** Whether it took the place, and the id, of the registry that the stores belonged to. */
  readonly isTakenOver: boolean;
  readonly findings: readonly RebuildFinding[];
  /** What stores do not hold, as sentences. */
  readonly notHad: readonly string[];
}
