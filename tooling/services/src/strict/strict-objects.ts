/** An object of a strict server. */
export interface StrictObject {
  readonly bytes: Buffer;
  /** What conditions compare: of the bytes, or of the write. */
  readonly state: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modified: Date;
}

/** What has to be there for a request to be served. */
export type StrictCondition = { readonly isAbsent: true } | { readonly state: string } | undefined;

/** How a condition was decided. */
export type Decision = 'holds' | 'fails' | 'nothing is there';

/** One page of a listing. */
export interface StrictPage {
  readonly objects: readonly (readonly [string, StrictObject])[];
  readonly prefixes: readonly string[];
  /** The last entry, where there are more. */
  readonly next: string | undefined;
}

/** What a listing asks for. */
export interface StrictListing {
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  /** Entries up to this one are left out. */
  readonly after: string;
  readonly limit: number;
}

/** The objects of a bucket: a condition is decided and what it guards is done in one step, that no other request parts. */
export class StrictObjects {
  readonly #objects = new Map<string, StrictObject>();

  find(name: string): StrictObject | undefined {
    return this.#objects.get(name);
  }

  write(name: string, object: StrictObject, condition: StrictCondition): Decision {
    const decision = this.decide(name, condition);
    if (decision === 'holds') this.#objects.set(name, object);
    return decision;
  }

  remove(name: string, condition: StrictCondition): Decision {
    const decision = this.decide(name, condition);
    if (decision === 'holds') this.#objects.delete(name);
    return decision;
  }

  /** In the order of the UTF-8 bytes. */
  list({ prefix, delimiter, after, limit }: StrictListing): StrictPage {
    const entries = new Map<string, StrictObject | undefined>();
    const names = [...this.#objects.keys()].filter((name) => name.startsWith(prefix));
    for (const name of names.toSorted((left, right) =>
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    )) {
      const end = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
      const entry = end < 0 || delimiter === undefined ? name : name.slice(0, end + delimiter.length);
      if (Buffer.compare(Buffer.from(entry), Buffer.from(after)) > 0)
        entries.set(entry, entry === name ? this.#objects.get(name) : undefined);
    }
    const page = [...entries].slice(0, limit);
    return {
      objects: page.flatMap(([name, object]) => (object === undefined ? [] : [[name, object] as const])),
      prefixes: page.flatMap(([name, object]) => (object === undefined ? [name] : [])),
      next: entries.size > page.length ? page.at(-1)?.[0] : undefined,
    };
  }

  /** How a condition stands at this moment. */
  decide(name: string, condition: StrictCondition): Decision {
    const present = this.#objects.get(name);
    if (condition === undefined) return 'holds';
    if ('isAbsent' in condition) return present === undefined ? 'holds' : 'fails';
    if (present === undefined) return 'nothing is there';
    return present.state === condition.state ? 'holds' : 'fails';
  }
}
