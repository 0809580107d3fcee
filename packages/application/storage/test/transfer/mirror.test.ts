import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { type ObjectKey, digestOfHex, contentKey } from '@holdfast/domain';
import { type ObjectReader, type StorageAdapter, StorageError } from '@holdfast/ports';
import { StorageService, TransferService } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counted } from '../support/counted.ts';
import { expectCode, gather } from '../support/expect-code.ts';
import { listingWithoutChecksums, mirrored, transferBetween } from '../support/mirroring.ts';
import { overriding } from '../support/overriding.ts';
import { sampleBytes } from '../support/sources.ts';
import { keysIn } from '../support/storage-subjects.ts';

const key = (text: string): ObjectKey => text as ObjectKey;

/** Every way in which the two ends can be told apart: sorted or not, with digests or without, with conditions or not. */
const targets: Readonly<Record<string, () => StorageAdapter>> = {
  memory: () => new MemoryStorageAdapter(),
  'memory, not sorted': () => limited({ listOrder: 'none' }),
  'memory, without checksums': () => listingWithoutChecksums(new MemoryStorageAdapter()),
  'memory, without conditions': () => limited({ createIfAbsent: false, replaceIfMatch: false }),
};

function limited(capabilities: Partial<StorageAdapter['capabilities']>): StorageAdapter {
  const adapter = new MemoryStorageAdapter();
  return overriding<StorageAdapter>(adapter, { capabilities: { ...adapter.capabilities, ...capabilities } });
}

describe.each(Object.entries(targets))('mirroring into %s', (_name, makeTarget) => {
  test('brings over what is missing or differs, and leaves everything else alone', async () => {
    const objects = fc.dictionary(
      fc.constantFrom('a', 'a/b', 'a0', 'é', '\u{1F600}', '\uFFFD', 'z/1', 'z/2'),
      fc.constantFrom('', 'one', 'two', 'three'),
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(objects, objects, async (source, target) => {
        const [from, to] = [new MemoryStorageAdapter(), makeTarget()];
        for (const [name, text] of Object.entries(source)) await from.put(key(name), Buffer.from(text));
        for (const [name, text] of Object.entries(target)) await to.put(key(name), Buffer.from(text));
        const expected = Object.fromEntries(
          Object.entries(source).map(([name, text]) => {
            if (!(name in target)) return [name, 'copied'];
            return [name, target[name] === text ? 'unchanged' : 'replaced'];
          }),
        );
        const transfer = transferBetween(from, to);
        expect(await mirrored(transfer, { isDryRun: true })).toEqual(expected);
        expect(await mirrored(transfer, { atOnce: 3 })).toEqual(expected);
        for (const [name, text] of Object.entries({ ...target, ...source }))
          expect(Buffer.from(await bytesOf(to, name)).toString()).toBe(text);
        expect((await keysIn(to)).toSorted()).toEqual(Object.keys({ ...target, ...source }).toSorted());
        expect(new Set(Object.values(await mirrored(transfer)))).toEqual(
          new Set(Object.keys(source).length === 0 ? [] : ['unchanged']),
        );
      }),
      { numRuns: 40 },
    );
  });
});

test('sends and reads nothing when nothing has changed', async () => {
  const [from, to] = [counted(new MemoryStorageAdapter()), counted(new MemoryStorageAdapter())];
  for (let number = 0; number < 50; number++)
    await from.adapter.put(key(`object-${number}`), sampleBytes(100, number));
  const transfer = transferBetween(from.adapter, to.adapter);
  await mirrored(transfer);
  from.calls.length = to.calls.length = 0;
  expect(new Set(Object.values(await mirrored(transfer)))).toEqual(new Set(['unchanged']));
  expect([...from.calls, ...to.calls]).toEqual([]);
});

test('asks a source once and a target once for each object, and closes what it opened', async () => {
  const [from, to] = [counted(new MemoryStorageAdapter()), counted(new MemoryStorageAdapter())];
  await from.adapter.put(key('long'), sampleBytes(2_000_000, 1));
  await from.adapter.put(key('short'), sampleBytes(100, 2));
  from.calls.length = 0;
  await mirrored(transferBetween(from.adapter, to.adapter));
  expect(from.calls.toSorted()).toEqual(['get long', 'get short']);
  expect(to.calls.toSorted()).toEqual(['put long', 'put short']);
  expect(from.open()).toBe(0);
});

test('knows content-addressed objects by their keys where a store keeps no digests', async () => {
  const source = new MemoryStorageAdapter();
  const service = new StorageService({ adapters: { source } });
  for (let number = 0; number < 20; number++)
    await service.save(sampleBytes(100, number), { format: 'binary' });
  const to = counted(listingWithoutChecksums(new MemoryStorageAdapter()));
  const transfer = transferBetween(source, to.adapter);
  expect(new Set(Object.values(await mirrored(transfer)))).toEqual(new Set(['copied']));
  to.calls.length = 0;
  expect(new Set(Object.values(await mirrored(transfer)))).toEqual(new Set(['unchanged']));
  expect(to.calls).toEqual([]);
});

test('takes content types and metadata along, or drops them when asked', async () => {
  const [from, to, bare] = [
    new MemoryStorageAdapter(),
    new MemoryStorageAdapter(),
    limited({ userMetadata: false }),
  ];
  const described = { contentType: 'text/plain', metadata: { 'made-by': 'λ' } };
  await from.put(key('described'), Buffer.from('x'), described);
  await mirrored(transferBetween(from, to));
  expect(await to.head(key('described'))).toMatchObject(described);
  const refusing = overriding(bare, {
    put: async (...parameters) => {
      if (parameters[2]?.metadata !== undefined)
        throw new StorageError({ code: 'unsupported', operation: 'put', backend: 'memory' });
      return bare.put(...parameters);
    },
  });
  const results = await Array.fromAsync(transferBetween(from, refusing).mirror('from', 'to'));
  expect(results).toMatchObject([{ outcome: 'failed', error: { code: 'unsupported' } }]);
  expect(await mirrored(transferBetween(from, refusing), { metadata: 'drop' })).toEqual({
    described: 'copied',
  });
  expect(await bare.head(key('described'))).toMatchObject({ metadata: {} });
});

test('does not pass damage on, and goes on with the others', async () => {
  const whole = new MemoryStorageAdapter();
  for (const name of ['a', 'b', 'c']) await whole.put(key(name), sampleBytes(5_000, name.charCodeAt(0)));
  const from = overriding(whole, {
    get: async (...parameters) => {
      const reader = await whole.get(...parameters);
      if (reader === undefined || parameters[0] !== 'b') return reader;
      return overriding<ObjectReader>(reader, { body: one(sampleBytes(5_000, 99)) });
    },
  });
  const to = new MemoryStorageAdapter();
  await to.put(key('b'), Buffer.from('an old, good one'));
  const results = await Array.fromAsync(transferBetween(from, to).mirror('from', 'to'));
  expect(results.find(({ key: name }) => name === 'b')).toMatchObject({
    outcome: 'failed',
    error: { code: 'checksum-mismatch' },
  });
  expect(Buffer.from(await bytesOf(to, 'b')).toString()).toBe('an old, good one');
  expect(results.filter(({ outcome }) => outcome === 'copied')).toHaveLength(2);
});

test('holds a content-addressed object to its key, whatever its store says', async () => {
  const from = new MemoryStorageAdapter();
  const lie = contentKey(digestOfHex('ab'.repeat(32)));
  await from.put(lie, Buffer.from('other bytes'));
  const to = new MemoryStorageAdapter();
  const [result] = await Array.fromAsync(transferBetween(from, to).mirror('from', 'to'));
  expect(result).toMatchObject({ key: lie, outcome: 'failed', error: { code: 'checksum-mismatch' } });
  expect(await keysIn(to)).toEqual([]);
});

test('replaces what lies under a content key without being it', async () => {
  const [from, to] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
  const { storagePath } = await new StorageService({ adapters: { from } }).save(Buffer.from('right'));
  await to.put(key(storagePath), Buffer.from('wrong'));
  expect(await mirrored(transferBetween(from, to))).toEqual({ [storagePath]: 'replaced' });
  expect(Buffer.from(await bytesOf(to, storagePath)).toString()).toBe('right');
});

test('reads anew what was replaced while it was copied, and never mixes two states', async () => {
  const whole = new MemoryStorageAdapter();
  const [old, newer] = [sampleBytes(3_000_000, 1), sampleBytes(3_000_000, 2)];
  await whole.put(key('model'), old);
  let isReplaced = false;
  const from = overriding(whole, {
    get: async (...parameters) => {
      if (!isReplaced) {
        isReplaced = true;
        await whole.put(key('model'), newer);
      }
      return whole.get(...parameters);
    },
  });
  const to = new MemoryStorageAdapter();
  expect(await mirrored(transferBetween(from, to))).toEqual({ model: 'copied' });
  expect(Buffer.compare(await bytesOf(to, 'model'), newer)).toBe(0);
});

test('does not replace what somebody else wrote meanwhile', async () => {
  const from = new MemoryStorageAdapter();
  await from.put(key('model'), Buffer.from('mine'));
  const whole = new MemoryStorageAdapter();
  const to = overriding(whole, {
    put: async (...parameters) => {
      if (parameters[0] === 'model') await whole.put(key('model'), Buffer.from('theirs'));
      return whole.put(...parameters);
    },
  });
  const results = await Array.fromAsync(transferBetween(from, to).mirror('from', 'to'));
  expect(results).toMatchObject([{ outcome: 'failed', error: { code: 'already-exists' } }]);
  expect(Buffer.from(await bytesOf(whole, 'model')).toString()).toBe('theirs');
});

test('stops when the target as a whole refuses, and goes on at the next call', async () => {
  const from = new MemoryStorageAdapter();
  for (let number = 0; number < 40; number++)
    await from.put(key(`object-${number}`), sampleBytes(10, number));
  const whole = new MemoryStorageAdapter();
  let left = 10;
  const full = overriding(whole, {
    put: (...parameters) =>
      left-- > 0
        ? whole.put(...parameters)
        : Promise.reject(new StorageError({ code: 'quota-exceeded', operation: 'put', backend: 'memory' })),
  });
  const transfer = transferBetween(from, full);
  await expectCode(Array.fromAsync(transfer.mirror('from', 'to')), 'quota-exceeded');
  expect(await keysIn(whole)).toHaveLength(10);
  left = Number.POSITIVE_INFINITY;
  const outcomes = Object.values(await mirrored(transfer));
  expect(outcomes.filter((outcome) => outcome === 'unchanged')).toHaveLength(10);
  expect(await keysIn(whole)).toHaveLength(40);
});

test('stops within a second when it is cancelled, and leaves nothing half', async () => {
  await using folder = await TemporaryFolder.make();
  const from = new MemoryStorageAdapter();
  for (let number = 0; number < 200; number++)
    await from.put(key(`object-${number}`), sampleBytes(100_000, number));
  await using to = new FilesystemStorageAdapter({ root: folder.join('store'), durability: 'none' });
  const controller = new AbortController();
  let told = 0;
  const run = async (): Promise<void> => {
    for await (const { outcome } of transferBetween(from, to).mirror('from', 'to', {
      signal: controller.signal,
    })) {
      expect(outcome).toBe('copied');
      if (++told === 20) controller.abort();
    }
  };
  await expectCode(run(), 'cancelled');
  const there = await keysIn(to);
  expect(there.length).toBeLessThan(200);
  for (const name of there)
    expect(Buffer.compare(await bytesOf(to, name), await bytesOf(from, name))).toBe(0);
});

test('is refused where both ends are one store, or a store is not configured', async () => {
  const storage = new StorageService({ adapters: { one: new MemoryStorageAdapter() } });
  const transfer = new TransferService({ storage });
  expect(() => transfer.mirror('one', 'one')).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  expect(() => transfer.mirror('one', 'two')).toThrow(
    expect.objectContaining({ code: 'invalid-configuration' }),
  );
});

test('tells how many bytes were sent, and keeps to the prefix and to what is accepted', async () => {
  const [from, to] = [new MemoryStorageAdapter(), new MemoryStorageAdapter()];
  for (const name of ['a/1', 'a/2', 'b/1']) await from.put(key(name), sampleBytes(1_000_000));
  let bytes = 0;
  const options = {
    prefix: 'a/',
    accepts: (name: string) => name !== 'a/2',
    onBytes: (step: number) => void (bytes += step),
  };
  expect(await mirrored(transferBetween(from, to), options)).toEqual({ 'a/1': 'copied' });
  expect(bytes).toBe(1_000_000);
});

async function bytesOf(adapter: StorageAdapter, name: string): Promise<Uint8Array> {
  const reader = await adapter.get(key(name));
  return gather(reader?.body ?? one(new Uint8Array()));
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
