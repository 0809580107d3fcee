import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ObjectKey } from '@holdfast/domain';
import { type StorageAdapter, readSource } from '@holdfast/ports';
import { StorageService, TransferService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';
import { expectCode, gather } from '../support/expect-code.ts';
import { overriding } from '../support/overriding.ts';
import { sampleBytes } from '../support/sources.ts';
import { keysIn } from '../support/storage-subjects.ts';

const key = 'model' as ObjectKey;
const bytes = sampleBytes(2_500_000);

interface Subject {
  readonly transfer: TransferService;
  readonly from: StorageAdapter;
  readonly to: StorageAdapter;
}

async function subject(
  change: (adapter: StorageAdapter) => StorageAdapter = (adapter) => adapter,
): Promise<Subject> {
  const [from, to] = [change(new MemoryStorageAdapter()), new MemoryStorageAdapter()];
  await from.put(key, bytes, { contentType: 'model/x', metadata: { a: 'b' } });
  return {
    from,
    to,
    transfer: new TransferService({ storage: new StorageService({ adapters: { from, to } }) }),
  };
}

describe('a copy', () => {
  test('has the bytes, the type and the fields of its source, in another store and in the same', async () => {
    const { transfer, to, from } = await subject();
    for (const [store, adapter] of [
      ['to', to],
      ['from', from],
    ] as const) {
      const { source, target } = await transfer.copy({ store: 'from', key }, { store, key: 'x/copy' });
      expect(source.key).toBe(key);
      expect(target).toMatchObject({ key: 'x/copy', contentType: 'model/x', metadata: { a: 'b' } });
      expect(target.checksum).toBe(source.checksum);
      const reader = await adapter.get('x/copy' as ObjectKey);
      expect(Buffer.compare(await gather(reader?.body ?? none()), bytes)).toBe(0);
    }
  });

  test('tells its progress up to the end', async () => {
    const { transfer } = await subject();
    const told: number[] = [];
    await transfer.copy(
      { store: 'from', key },
      { store: 'to', key },
      { onBytes: (sent) => void told.push(sent) },
    );
    expect(told.at(-1)).toBe(bytes.byteLength);
    expect(told).toEqual(told.toSorted((left, right) => left - right));
  });

  test('keeps to its condition', async () => {
    const { transfer, to } = await subject();
    const old = await to.put(key, Buffer.from('old'));
    const copy = (mode: 'create' | { readonly ifMatch: string }): Promise<unknown> =>
      transfer.copy({ store: 'from', key }, { store: 'to', key }, { mode });
    await expectCode(copy('create'), 'already-exists');
    await expectCode(copy({ ifMatch: 'another' }), 'precondition-failed');
    expect((await to.head(key))?.etag).toBe(old.etag);
    await copy({ ifMatch: old.etag });
    expect((await to.head(key))?.sizeBytes).toBe(bytes.byteLength);
  });

  test('of what is not there is not-found, under a key that cannot be is refused', async () => {
    const { transfer, to } = await subject();
    await expectCode(transfer.copy({ store: 'from', key: 'none' }, { store: 'to', key }), 'not-found');
    expect(() => transfer.copy({ store: 'from', key }, { store: 'to', key: '../x' })).toThrow(/\.\./);
    expect(await keysIn(to)).toEqual([]);
  });

  test('goes on with the new state of a source that is replaced, and gives up on one that always is', async () => {
    for (const [replacements, outcome] of [
      [2, 'copied'],
      [3, 'precondition-failed'],
    ] as const) {
      const { from, to } = await subject();
      let left = replacements;
      const retrying = overriding(to, {
        put: async (target, body, options) => {
          await gather(readSource(body));
          if (left-- > 0) await from.put(key, sampleBytes(2_500_000, left));
          return to.put(target, body, options);
        },
      });
      const transfer = new TransferService({
        storage: new StorageService({ adapters: { from, to: retrying } }),
      });
      const copying = transfer.copy({ store: 'from', key }, { store: 'to', key });
      if (outcome === 'copied') {
        const { source, target } = await copying;
        expect([source.etag, target.checksum]).toEqual([(await from.head(key))?.etag, source.checksum]);
      } else {
        await expectCode(copying, outcome);
        expect(await keysIn(to)).toEqual([]);
      }
    }
  });
});

describe('a move', () => {
  test('leaves nothing behind', async () => {
    const { transfer, from, to } = await subject();
    await transfer.move({ store: 'from', key }, { store: 'to', key: 'moved' });
    expect([await keysIn(from), await keysIn(to)]).toEqual([[], ['moved']]);
  });

  test('leaves a newer source alone', async () => {
    const { transfer, from, to } = await subject((adapter) =>
      overriding(adapter, {
        delete: async (...parameters) => {
          await adapter.put(key, Buffer.from('newer'));
          return adapter.delete(...parameters);
        },
      }),
    );
    await expectCode(transfer.move({ store: 'from', key }, { store: 'to', key }), 'precondition-failed');
    expect((await from.head(key))?.sizeBytes).toBe(5);
    expect((await to.head(key))?.sizeBytes).toBe(bytes.byteLength);
  });

  test('is refused before anything is done: onto itself, and where deleting cannot be conditional', async () => {
    const { transfer } = await subject();
    await expectCode(transfer.move({ store: 'from', key }, { store: 'from', key }), 'invalid-argument');
    const other = await subject((adapter) =>
      overriding(adapter, { capabilities: { ...adapter.capabilities, deleteIfMatch: false } }),
    );
    await expectCode(other.transfer.move({ store: 'from', key }, { store: 'to', key }), 'unsupported');
    expect(await keysIn(other.to)).toEqual([]);
  });
});

async function* none(): AsyncGenerator<Uint8Array> {
  yield* [];
}
