import type { ObjectKey } from '@holdfast/domain';
import type { StorageAdapter } from '@holdfast/ports';
import { atOnce } from '../framework/at-once.ts';
import { sampleBytes } from './sample-bytes.ts';

const putsCount = 1_536;
const largerThanInlineBytes = 32_768;

/** Brings a new store into the state of one in use: it has the folders that data files are spread over. */
export async function makeShards(adapter: StorageAdapter): Promise<void> {
  const body = sampleBytes(largerThanInlineBytes, 0);
  const keyOf = (number: number): ObjectKey => `shards/${number}` as ObjectKey;
  await atOnce(putsCount, 16, async (number) => {
    await adapter.put(keyOf(number), body);
  });
  await adapter.delete(Array.from({ length: putsCount }, (_, number) => ({ key: keyOf(number) })));
}
