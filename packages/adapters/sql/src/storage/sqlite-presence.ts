import { randomUUID } from 'node:crypto';
import { ownIdentity, parseIdentity, printIdentity, whyDead } from '@holdfast/adapter-kit';
import type { Kysely } from 'kysely';
import type { Presence, Release } from './object-database.ts';
import type { ObjectSchema } from './object-schema.ts';

/** How often each body of a file is read by this process, however many adapters it has. */
const heldBodies = new Map<string, Map<string, number>>();

/**
 * Presence in a file. Writers are known by their process, which others can see. What is read is known in this process
 * alone: a reader in another one whose object is replaced and removed ends with an error that says so.
 */
export class SqlitePresence implements Presence {
  readonly #held: Map<string, number>;
  readonly #owner = `${printIdentity(ownIdentity())}-${randomUUID()}`;

  /** @param path of the file, without links. */
  constructor(path: string) {
    const held = heldBodies.get(path) ?? new Map<string, number>();
    heldBodies.set(path, held);
    this.#held = held;
  }

  async owner(): Promise<string> {
    return this.#owner;
  }

  async whyGone(_database: Kysely<ObjectSchema>, owner: string): Promise<string | undefined> {
    const identity = parseIdentity(owner);
    return identity === undefined ? undefined : whyDead(identity);
  }

  async hold(dataId: string): Promise<Release> {
    this.#held.set(dataId, (this.#held.get(dataId) ?? 0) + 1);
    let isHeld = true;
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#held.get(dataId) ?? 1) - 1;
      if (left > 0) this.#held.set(dataId, left);
      else this.#held.delete(dataId);
    };
  }

  async isFree(_database: Kysely<ObjectSchema>, dataId: string): Promise<boolean> {
    return !this.#held.has(dataId);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
