/** Replaces an object by bytes that never end. */
import { RedisStorageAdapter } from '@holdfast/adapter-redis';
import { parseObjectKey } from '@holdfast/domain';

const [url = '', prefix = ''] = process.argv.slice(2);
await using adapter = new RedisStorageAdapter({
  url,
  prefix,
  durability: 'none',
  keep: { stagedMs: 3_000 },
});
await adapter.put(parseObjectKey('model'), endless());

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < 8; index++) yield Buffer.alloc(524_288, index);
  await new Promise((resolve) => setInterval(resolve, 2 ** 30));
}
