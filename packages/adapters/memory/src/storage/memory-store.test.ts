import { parseObjectKey } from '@holdfast/domain';
import { describe, expect, test } from 'vitest';
import { MemoryStorageAdapter } from './memory-storage-adapter.ts';
import { MemoryStore } from './memory-store.ts';

const [one, two] = [parseObjectKey('one'), parseObjectKey('two')];
const digestOfNothing = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('MemoryStorageAdapter', () => {
  test('keeps the digest of what passed, for copies and listings too', async () => {
    const adapter = new MemoryStorageAdapter();
    const put = await adapter.put(one, new Uint8Array(0));
    const copy = await adapter.copy(one, two);
    for (const info of [put, copy, await adapter.head(one)]) expect(info?.checksum).toBe(digestOfNothing);
    for await (const { objects } of adapter.list()) expect(objects).toEqual([put, copy]);
  });

  test('tells the time by the clock that it is given', async () => {
    let now = 0;
    const adapter = new MemoryStorageAdapter({ now: () => now });
    expect((await adapter.put(one, new Uint8Array(0))).lastModified).toBe('1970-01-01T00:00:00.000Z');
    now = 86_400_000;
    expect((await adapter.copy(one, two)).lastModified).toBe('1970-01-02T00:00:00.000Z');
  });

  test('shares a store only where it is given one', async () => {
    const store = new MemoryStore();
    await new MemoryStorageAdapter({ store }).put(one, new Uint8Array(0));
    expect(await new MemoryStorageAdapter({ store }).head(one)).toBeDefined();
    expect(await new MemoryStorageAdapter().head(one)).toBeUndefined();
  });

  test('gives no further chunk once it is cancelled', async () => {
    const adapter = new MemoryStorageAdapter();
    await adapter.put(one, new Uint8Array(3_000_000));
    const controller = new AbortController();
    const reader = await adapter.get(one, { signal: controller.signal });
    let chunkCount = 0;
    const reading = (async () => {
      for await (const chunk of reader?.body ?? []) {
        chunkCount += Math.sign(chunk.byteLength);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled', operation: 'get', key: one });
    expect(chunkCount).toBe(1);
  });

  test('tells infos that nobody can change', async () => {
    const info = await new MemoryStorageAdapter().put(one, new Uint8Array(0), { metadata: { a: '1' } });
    expect(Object.isFrozen(info)).toBe(true);
    expect(Object.isFrozen(info.metadata)).toBe(true);
  });
});
