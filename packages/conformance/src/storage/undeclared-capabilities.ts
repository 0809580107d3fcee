import type { StorageCapabilities } from '@holdfast/ports';
import { type StorageCapabilityName, declares } from './storage-case.ts';

/** What a backend says that it cannot do, for tables that compare backends. */
export function undeclaredCapabilities(capabilities: StorageCapabilities): readonly StorageCapabilityName[] {
  const { maximumSizeBytes: _size, maximumKeyBytes: _key, ...switches } = capabilities;
  return (Object.keys(switches) as StorageCapabilityName[]).filter((name) => !declares(capabilities, name));
}
