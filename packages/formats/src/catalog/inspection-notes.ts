import { DetailLimit } from '../detail-limit.ts';
import type { InspectionWarning } from './format-inspection.ts';

/** What a reader does at a limit of Holdfast's own: go on and warn, or leave it to the caller. */
export type AtLimit = 'describe' | 'throw';

/** The most warnings of one code; the last one says how many more there are. */
const mostOfACode = 8;

/** Gathers what a careful reader should know while a file or folder is looked at. */
export class InspectionNotes {
  readonly #atLimit: AtLimit;
  readonly #messages = new Map<string, Set<string>>();

  constructor(atLimit: AtLimit = 'describe') {
    this.#atLimit = atLimit;
  }

  /** Remembers a warning; the same one only once. */
  warn({ code, message }: InspectionWarning): void {
    const messages = this.#messages.get(code) ?? new Set();
    messages.add(message);
    this.#messages.set(code, messages);
  }

  /** Remembers that a limit was reached. Anything else that was caught is thrown again. */
  limit(error: unknown): void {
    if (!DetailLimit.isInstance(error) || this.#atLimit === 'throw') throw error;
    this.warn({
      code: 'detail-limited',
      message: `Not everything is described: ${error.reason}. The bytes are kept as they are.`,
    });
  }

  /** The warnings so far, in the order of their codes' first appearance. */
  get warnings(): readonly InspectionWarning[] {
    return [...this.#messages].flatMap(([code, messages]) => {
      const shown = [...messages].slice(0, mostOfACode).map((message) => ({ code, message }));
      const rest = messages.size - shown.length;
      return rest > 0
        ? [...shown, { code, message: `There are ${rest} more warnings of this kind.` }]
        : shown;
    });
  }
}
