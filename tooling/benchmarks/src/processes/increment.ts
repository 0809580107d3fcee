/** Adds one to an object as often as asked, once the parent process says so. */
import { once } from 'node:events';
import type { ObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { type CounterPlace, openCounterPlace } from '../counters/counter-place.ts';
import { gather } from '../material/gather.ts';

const [place = '', name = '', times = '0'] = process.argv.slice(2);
const key = name as ObjectKey;
await using adapter = openCounterPlace(JSON.parse(place) as CounterPlace);
await adapter.head(key);
process.send?.('ready');
await once(process, 'message');
for (let done = 0; done < Number(times);) if (await tryToIncrement()) done++;
process.disconnect();

async function tryToIncrement(): Promise<boolean> {
  const { count, etag } = await read();
  try {
    await adapter.put(key, Buffer.from(String(count + 1)), {
      mode: etag === undefined ? 'create' : { ifMatch: etag },
    });
    return true;
  } catch (error) {
    if (
      StorageError.isInstance(error, 'precondition-failed') ||
      StorageError.isInstance(error, 'already-exists')
    )
      return false;
    throw error;
  }
}

async function read(): Promise<{ readonly count: number; readonly etag: string | undefined }> {
  await using reader = await adapter.get(key);
  if (reader === undefined) return { count: 0, etag: undefined };
  return { count: Number(Buffer.from(await gather(reader.body)).toString()), etag: reader.info.etag };
}
