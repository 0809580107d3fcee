/** Adds one to a counter object as often as asked, by replacing the state that was read. */
import { AzureBlobStorageAdapter } from '@holdfast/adapter-azure';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';

const [endpoint = '', container = '', times = '0', paddingBytes = '0'] = process.argv.slice(2);
const key = parseObjectKey('counter');
const padding = ' '.repeat(Number(paddingBytes));
await using adapter = new AzureBlobStorageAdapter({
  endpoint,
  container,
  credentials: { accountKey: { environment: 'ACCOUNT_KEY' } },
  transfer: { partSizeBytes: 4_096 },
});

for (let done = 0; done < Number(times);) {
  const { count, etag } = await read();
  try {
    await adapter.put(key, Buffer.from(`${count + 1}${padding}`), {
      mode: etag === undefined ? 'create' : { ifMatch: etag },
    });
    done++;
  } catch (error) {
    const isLost =
      StorageError.isInstance(error, 'precondition-failed') ||
      StorageError.isInstance(error, 'already-exists');
    if (!isLost) throw error;
  }
}

async function read(): Promise<{ readonly count: number; readonly etag: string | undefined }> {
  await using reader = await adapter.get(key);
  if (reader === undefined) return { count: 0, etag: undefined };
  const chunks: Buffer[] = [];
  for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
  return { count: Number(Buffer.concat(chunks).toString()), etag: reader.info.etag };
}
