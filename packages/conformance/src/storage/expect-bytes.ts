import { AssertionError } from 'node:assert';
import type { ObjectKey } from '@holdfast/domain';
import type { ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { readObject } from './read-object.ts';

/** Compares bytes, and says where they begin to differ rather than printing them. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  const differs = actual.findIndex((byte, index) => byte !== expected[index]);
  const where = differs === -1 ? Math.min(actual.byteLength, expected.byteLength) : differs;
  throw new AssertionError({
    message: `${actual.byteLength} bytes were read and ${expected.byteLength} expected; they differ from byte ${where} on.`,
    actual: actual.byteLength,
    expected: expected.byteLength,
  });
}

/** An object is there with exactly these bytes, and `head` tells of the same state as `get`. */
export async function expectObject(
  adapter: StorageAdapter,
  key: ObjectKey,
  bytes: Uint8Array,
): Promise<ObjectInfo> {
  const read = await readObject(adapter, key);
  expectBytes(read.bytes, bytes);
  expect(read.range).toEqual({ offset: 0, length: bytes.byteLength });
  const head = await adapter.head(key);
  expect(head).toMatchObject({ key, sizeBytes: bytes.byteLength, etag: read.info.etag });
  return read.info;
}

/** No object is there: not for `head`, not for `get`. */
export async function expectAbsent(adapter: StorageAdapter, key: ObjectKey): Promise<void> {
  expect(await adapter.head(key), `head of ${key}`).toBeUndefined();
  expect(await adapter.get(key), `get of ${key}`).toBeUndefined();
}
