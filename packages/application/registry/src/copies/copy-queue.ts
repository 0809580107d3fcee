import type { ModelStorageInfo, ObjectLocation } from '@holdfast/domain';
import type { StorageError } from '@holdfast/ports';
import { CopyState, type CopyTrouble } from './copy-trouble.ts';

/** A place where an object is stored, and how storage reads it there. */
export interface ObjectCopy {
  readonly location: ObjectLocation;
  readonly info: ModelStorageInfo;
}

/** A copy whose turn it is. */
export interface CopyTurn {
  readonly copy: ObjectCopy;
  /** Whether another good copy waits: then a store is asked once and briefly. */
  readonly hasAlternative: boolean;
}

/** How the copies of an object begin. */
export interface CopyQueueOptions {
  readonly copies: readonly ObjectCopy[];
  /** Whether a store was found down before. */
  readonly isDown: (storeName: string) => boolean;
}

/**
 * The copies of one object in the order in which they are tried: first those that should be good; then those whose
 * stores were down, with all patience, since nothing better is left; last those that are known to be damaged.
 */
export class CopyQueue {
  readonly #good: ObjectCopy[];
  readonly #down: ObjectCopy[];
  readonly #damaged: ObjectCopy[];
  readonly #readTwice = new Set<ObjectCopy>();
  readonly #troubles: Omit<CopyTrouble, 'readFrom'>[] = [];
  #turn: CopyTurn | undefined;
  #failure: StorageError | undefined;

  constructor({ copies, isDown }: CopyQueueOptions) {
    const sound = copies.filter(({ location }) => location.state === 'verified');
    this.#good = sound.filter(({ location }) => !isDown(location.storeName));
    this.#down = sound.filter(({ location }) => isDown(location.storeName));
    this.#damaged = copies.filter(({ location }) => location.state === 'corrupt');
    for (const { location } of this.#damaged)
      this.#note(location, CopyState.Damaged, 'It was found damaged before.');
  }

  /** What was found out about copies so far. */
  get troubles(): readonly Omit<CopyTrouble, 'readFrom'>[] {
    return this.#troubles;
  }

  /** Why no copy could be read: that a store is down weighs more than damage, since that may pass. */
  get failure(): StorageError | undefined {
    return this.#failure;
  }

  /** The next copy to try; `undefined` after the last one. */
  next(): CopyTurn | undefined {
    const copy = this.#good.shift();
    const later = copy ?? this.#down.shift() ?? this.#damaged.shift();
    this.#turn = later === undefined ? undefined : { copy: later, hasAlternative: this.#good.length > 0 };
    return this.#turn;
  }

  /** Whether a copy that seems damaged is read a second time: what passes the network can be damaged, too. */
  readAgain({ copy }: CopyTurn): boolean {
    if (copy.location.state === 'corrupt' || this.#readTwice.has(copy)) return false;
    this.#readTwice.add(copy);
    this.#good.unshift(copy);
    return true;
  }

  /** Notes why a copy was not used; one whose store was asked only briefly gets another turn at the end. */
  give({ copy, hasAlternative }: CopyTurn, state: CopyState, error: StorageError): void {
    const isDown = state === CopyState.Unreachable || state === CopyState.Gone;
    if (isDown && hasAlternative) this.#down.push(copy);
    if (isDown || this.#failure === undefined) this.#failure = error;
    if (copy.location.state !== 'corrupt') this.#note(copy.location, state, error.message);
  }

  /** Notes a copy that cannot even be tried. */
  note(location: ObjectLocation, reason: string): void {
    this.#note(location, CopyState.Unconfigured, reason);
  }

  #note({ storeName, digest }: ObjectLocation, state: CopyState, reason: string): void {
    if (this.#troubles.some((trouble) => trouble.storeName === storeName && trouble.state === state)) return;
    this.#troubles.push({ storeName, digest, state, reason });
  }
}
