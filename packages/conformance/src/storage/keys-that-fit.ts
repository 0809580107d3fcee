import type { StorageCapabilities } from '@holdfast/ports';
import { declares } from './storage-case.ts';

/** The keys that can be in one store at once: without those that others lie below, where no key lies below a key. */
export function keysThatFit(capabilities: StorageCapabilities, keys: readonly string[]): readonly string[] {
  if (declares(capabilities, 'keysBelowKeys')) return keys;
  return keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`)));
}
