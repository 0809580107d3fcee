import type { StorageAdapter } from '@holdfast/ports';
import { StorageService, TransferService } from '@holdfast/storage';
import { overriding } from './overriding.ts';
import { withoutChecksums } from './storage-subjects.ts';

/** An adapter that tells no digest, in listings neither. */
export function listingWithoutChecksums(adapter: StorageAdapter): StorageAdapter {
  return overriding(withoutChecksums(adapter), {
    list: async function* (options) {
      for await (const { objects, prefixes } of adapter.list(options))
        yield { prefixes, objects: objects.map(({ checksum: _checksum, ...info }) => info) };
    },
  });
}

/** Transfers between the stores `from` and `to`. */
export function transferBetween(from: StorageAdapter, to: StorageAdapter): TransferService {
  return new TransferService({ storage: new StorageService({ adapters: { from, to } }) });
}

/** What became of each key, sorted. */
export async function mirrored(
  transfer: TransferService,
  options = {},
): Promise<Readonly<Record<string, string>>> {
  const all = await Array.fromAsync(transfer.mirror('from', 'to', options));
  return Object.fromEntries(
    all
      .map(({ key: name, outcome }) => [name, outcome] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
