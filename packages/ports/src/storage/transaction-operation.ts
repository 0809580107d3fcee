import type { ObjectKey } from '@holdfast/domain';
import type { ByteSource } from './byte-source.ts';
import type { Cancellable, PutOptions } from './operation-options.ts';

/** One step of a transaction. */
export type TransactionOperation =
  | {
      readonly kind: 'put';
      readonly key: ObjectKey;
      readonly body: ByteSource;
      readonly options?: Omit<PutOptions, 'signal'>;
    }
  | { readonly kind: 'delete'; readonly key: ObjectKey; readonly ifMatch?: string };

export type TransactionOptions = Cancellable;
