import { CopyState, type CopyTrouble } from '@holdfast/registry';

interface Gathered {
  readonly trouble: CopyTrouble;
  objectCount: number;
}

/** Gathers which copies could not be used while a version was read, and what to do about it: once for each store. */
export class CopyWarnings {
  readonly #reference: string;
  readonly #gathered = new Map<string, Gathered>();

  constructor(reference: string) {
    this.#reference = reference;
  }

  readonly onTrouble = (trouble: CopyTrouble): void => {
    const key = JSON.stringify([trouble.storeName, trouble.state]);
    const known = this.#gathered.get(key);
    if (known === undefined) this.#gathered.set(key, { trouble, objectCount: 1 });
    else known.objectCount++;
  };

  /** A sentence for each store, with what to do. */
  get sentences(): readonly string[] {
    return [...this.#gathered.values()].map((one) => `${this.#what(one)}\n  → ${this.#advice(one.trouble)}`);
  }

  #what({ trouble: { storeName, state, reason, readFrom }, objectCount }: Gathered): string {
    const instead = `It was read from ${readFrom}.`;
    if (state === CopyState.Unreachable)
      return `The store ${storeName} could not be read: ${reason} ${instead}`;
    if (state === CopyState.Gone) return `${reason} ${instead}`;
    const objects = `${objectCount} ${objectCount === 1 ? 'object' : 'objects'} of ${this.#reference}`;
    const verb = objectCount === 1 ? 'is' : 'are';
    if (state === CopyState.Unconfigured)
      return `${objects} ${verb} also stored in ${storeName}, which is not configured.`;
    const how = state === CopyState.Damaged ? 'damaged in' : 'missing from';
    return `${objects} ${verb} ${how} the store ${storeName}. ${instead}`;
  }

  #advice({ storeName, state, readFrom }: CopyTrouble): string {
    switch (state) {
      case CopyState.Damaged:
      case CopyState.Missing:
        return `Repair it: holdfast verify ${this.#reference} --store ${storeName} --repair-from ${readFrom}`;
      case CopyState.Gone:
        return `Mount its disk, or fill an empty one: holdfast mirror ${readFrom} ${storeName} --refill`;
      case CopyState.Unconfigured:
        return `Configure it again, or forget it: holdfast store retire ${storeName}`;
      case CopyState.Unreachable:
        return 'Find the reason: holdfast doctor';
    }
  }
}
