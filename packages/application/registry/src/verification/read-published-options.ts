import type { RegistryStore } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { StorageService } from '@holdfast/storage';

export interface ReadPublishedOptions extends Cancellable {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Whether a store holds nothing at all any more, so that what it lacks is no damage. */
  readonly isGone: (storeName: string) => Promise<boolean>;
}
