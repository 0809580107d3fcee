import {
  type OperationContext,
  type StorageCapabilities,
  type StorageCondition,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';
import type { CloudDriver } from './cloud-driver.ts';
import { type ConditionProbe, type ProbedCondition, probeConditions } from './probe-conditions.ts';

/** Which of the declared conditions a server decides, as far as it was tried out. */
export class DecidedConditions {
  readonly #copiesInParts: boolean;
  #undecided: ReadonlySet<ProbedCondition> = new Set();
  #proof: Promise<void> | undefined;

  constructor({ copiesInParts = false }: Pick<CloudDriver, 'copiesInParts'>) {
    this.#copiesInParts = copiesInParts;
  }

  /** Tries it out once; a failure is not kept, so that the next call tries again. */
  async prove(probe: ConditionProbe): Promise<readonly StorageCondition[]> {
    this.#proof ??= probeConditions(probe).then(
      (undecided) => void (this.#undecided = undecided),
      (error: unknown) => {
        this.#proof = undefined;
        throw error;
      },
    );
    await this.#proof;
    return this.#withdrawn;
  }

  /** What is declared, without what the server does not decide. */
  without(declared: StorageCapabilities): StorageCapabilities {
    const withdrawn = this.#withdrawn.map((condition) => [condition, false] as const);
    return withdrawn.length === 0 ? declared : { ...declared, ...Object.fromEntries(withdrawn) };
  }

  /** @throws StorageError `unsupported` when an upload in parts is to keep a condition that the server does not decide. */
  requireInParts(mode: WriteMode, context: OperationContext): void {
    if (mode === 'overwrite' || !this.#undecided.has('conditionsInParts')) return;
    throw new StorageError({
      ...context,
      code: 'unsupported',
      message: `The server of this ${context.backend} store does not decide conditions when an upload in parts is completed.`,
      hint: 'Write the object without a condition, or in one part.',
    });
  }

  get #withdrawn(): readonly StorageCondition[] {
    return [...this.#undecided].flatMap((condition) => {
      if (condition !== 'conditionsInParts') return [condition];
      return this.#copiesInParts ? ['conditionalCopy'] : [];
    });
  }
}
