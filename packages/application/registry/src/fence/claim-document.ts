import type { ObjectKey } from '@holdfast/domain';

/** The object that says which registry a store belongs to. */
export const claimKey: ObjectKey = 'registry-claim.json' as ObjectKey;

/** A claim is a page of text; anything longer is none. */
export const longestClaimBytes = 65_536;

const layout = 'holdfast-claim-2';

/** What a claim says. */
export interface ClaimDocument {
  readonly registryId: string;
  /** The registry's generation when it claimed the store, or renewed its claim. */
  readonly generation: string;
  /** Another one in every replacement: where etags are of bytes, equal claims would have equal ones. */
  readonly nonce: string;
  /** The deletions that are under way. */
  readonly deleting: readonly string[];
  /** Whether every version in the store is known to have a manifest by name. */
  readonly areManifestsNamed: boolean;
  /**
   * Whether it has the form of before there were generations, in which the registry's id is the generation. A store
   * whose conditions are not proven keeps it.
   */
  readonly isPlain: boolean;
}

/** The form of before: what programs without generations read, and what a store without proven conditions has. */
export function printPlainClaim(registryId: string, nonce?: string): Uint8Array {
  return printed({ registryId, ...(nonce === undefined ? {} : { nonce }) });
}

/** A claim without a field `registryId`: programs without generations take it for a damaged one, and stop. */
export function printClaim(claim: Omit<ClaimDocument, 'isPlain'>): Uint8Array {
  const { registryId: registry, generation, nonce, deleting, areManifestsNamed } = claim;
  return printed({ layout, registry, generation, nonce, deleting, areManifestsNamed });
}

/** Reads a claim of either form; `undefined` when it is none. */
export function parseClaim(text: string): ClaimDocument | undefined {
  const fields = parsed(text);
  const { registryId, registry, generation, nonce = '', deleting = [], areManifestsNamed = false } = fields;
  if (typeof nonce !== 'string' || typeof areManifestsNamed !== 'boolean') return undefined;
  if (!Array.isArray(deleting) || !deleting.every((id) => typeof id === 'string')) return undefined;
  const rest = { nonce, deleting, areManifestsNamed };
  if (typeof registryId === 'string' && fields['layout'] === undefined)
    return { ...rest, registryId, generation: registryId, isPlain: true };
  if (fields['layout'] !== layout || typeof registry !== 'string' || typeof generation !== 'string')
    return undefined;
  return { ...rest, registryId: registry, generation, isPlain: false };
}

function printed(fields: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.from(`${JSON.stringify(fields, undefined, 2)}\n`);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
