import { S3StorageAdapter } from '@holdfast/adapter-s3';
import type { ObjectKey } from '@holdfast/domain';
import type { GetOptions, ObjectReader } from '@holdfast/ports';
import { fileSource } from '@holdfast/storage';
import { s3TestKeys } from '@holdfast/tooling-services';
import type { S3Place } from '../material/s3-server.ts';
import { type S3Library, s3Transfer } from './s3-library.ts';

/** The adapter. On the way in it hashes the whole with SHA-256 and sends every request under the SHA-256 of its body. */
export function openHoldfast({ endpoint, bucket }: S3Place): S3Library {
  const { partSizeBytes, partsAtOnce, connections } = s3Transfer;
  const adapter = new S3StorageAdapter({
    endpoint,
    bucket,
    credentials: async () => s3TestKeys,
    poolSize: connections,
    transfer: { partSizeBytes, bufferBytes: partsAtOnce * partSizeBytes },
  });
  const find = async (key: string, options: GetOptions = {}): Promise<ObjectReader> => {
    const reader = await adapter.get(key as ObjectKey, options);
    if (reader === undefined) throw new Error(`${key} is not there.`);
    return reader;
  };
  return {
    name: 'Holdfast',
    put: async (key, bytes) => void (await adapter.put(key as ObjectKey, bytes)),
    get: async (key) => {
      await using reader = await find(key);
      return await readWhole(reader);
    },
    putFile: async (key, path) => void (await adapter.put(key as ObjectKey, await fileSource(path))),
    open: async (key, { inParts }) => (await find(key, { isImmutable: inParts })).body,
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}

async function readWhole({ body, info }: ObjectReader): Promise<Uint8Array> {
  const bytes = new Uint8Array(info.sizeBytes);
  let filled = 0;
  for await (const chunk of body) {
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return bytes;
}
