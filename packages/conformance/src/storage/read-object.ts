import type { ObjectKey } from '@holdfast/domain';
import type { GetOptions, ObjectReader, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';

/** An object that was read. */
export interface ReadObject extends Pick<ObjectReader, 'info' | 'range'> {
  readonly bytes: Buffer;
}

/** Opens an object that has to be there. */
export async function openObject(
  adapter: StorageAdapter,
  key: ObjectKey,
  options?: GetOptions,
): Promise<ObjectReader> {
  const reader = await adapter.get(key, options);
  expect(reader, `the object ${key}`).toBeDefined();
  return reader as ObjectReader;
}

/** Reads an object that has to be there, or a part of it. */
export async function readObject(
  adapter: StorageAdapter,
  key: ObjectKey,
  options?: GetOptions,
): Promise<ReadObject> {
  const reader = await openObject(adapter, key, options);
  return { info: reader.info, range: reader.range, bytes: await collectBytes(reader.body) };
}

/** Puts chunks together, copying each before the next one is asked for. */
export async function collectBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}
