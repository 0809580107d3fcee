/** What the tests do to a store from another process: `increment` a counter so often, or `stage` bytes and stay. */
import { DatabaseStorageAdapter } from '@holdfast/adapter-sql';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

const [task = '', url = '', schema = '', times = '0', paddingBytes = '0'] = process.argv.slice(2);
await using adapter = new DatabaseStorageAdapter({ url, ...(schema === '' ? {} : { schema }) });
const key = parseObjectKey('counter');

if (task === 'stage') await adapter.put(key, endless());
else for (let done = 0; done < Number(times);) done += await increment();

async function increment(): Promise<number> {
  await using reader = await adapter.get(key);
  const chunks: Buffer[] = [];
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  const count = Number(Buffer.concat(chunks).toString()) + 1;
  try {
    await adapter.put(key, Buffer.from(`${count}${' '.repeat(Number(paddingBytes))}`), {
      mode: reader === undefined ? 'create' : { ifMatch: reader.info.etag },
    });
    return 1;
  } catch (error) {
    const isLost =
      StorageError.isInstance(error, 'precondition-failed') ||
      StorageError.isInstance(error, 'already-exists');
    if (isLost) return 0;
    throw error;
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < 3; count++) yield new Uint8Array(1_048_576);
  process.stdout.write('staged\n');
  await new Promise(() => setInterval(() => undefined, 1_000));
}
