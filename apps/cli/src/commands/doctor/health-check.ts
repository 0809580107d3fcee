import type { StoreHealth } from '@holdfast/storage';

/** What one look found out. */
export interface HealthCheck {
  /** What was looked at, such as `store default`. */
  readonly subject: string;
  /** `notice` is worth knowing and stops nothing; `bad` does. */
  readonly state: 'good' | 'notice' | 'bad';
  readonly finding: string;
  /** What to do about it. */
  readonly advice?: string;
  /** Figures for scripts. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What was found out about a store, for scripts. */
  readonly store?: StoreHealth;
}

/** A failed look as its finding. */
export function failedCheck(
  subject: string,
  failure: { readonly message: string; readonly hint?: string | undefined },
): HealthCheck {
  const { message, hint } = failure;
  return { subject, state: 'bad', finding: message, ...(hint === undefined ? {} : { advice: hint }) };
}
