import type { Cancellable } from '@holdfast/ports';

/** How a store is taken out of use. */
export interface RetireOptions extends Cancellable {
  /** Where what only this store has is brought. @default the default store, or the first other one */
  readonly to?: string | undefined;
  /** The bytes are gone for good: what only this store had is given up. @default false */
  readonly isLost?: boolean | undefined;
  /** Only tell; nothing is read, written or noted. @default false */
  readonly isDryRun?: boolean | undefined;
  readonly onBytes?: (bytes: number) => void;
}
