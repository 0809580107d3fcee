import { type OperationContext, StorageError } from '@holdfast/ports';

/** Counts what is under way, so that an owner can end in order: refuse, wait, then free. */
export class OperationGate {
  #underWay = 0;
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  /**
   * Lets an operation in; call what it answers when the operation ends.
   *
   * @throws StorageError `invalid-argument` when the owner was disposed.
   */
  enter(context: OperationContext): () => void {
    if (this.#closing !== undefined) {
      throw new StorageError({
        ...context,
        code: 'invalid-argument',
        message: `The ${context.backend} adapter was disposed; ${context.operation} came too late.`,
      });
    }
    this.#underWay++;
    return () => {
      this.#underWay--;
      if (this.#underWay === 0) this.#drained?.();
    };
  }

  /** Closes the gate, waits for the last operation, then runs `free`; once, however often it is called. */
  close(free: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#drain().then(free);
    return this.#closing;
  }

  #drain(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }
}
