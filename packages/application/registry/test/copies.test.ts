import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type ModelVersion, versionOwner } from '@holdfast/domain';
import { orCancelled } from '@holdfast/ports';
import type { CopyTrouble, ModelPersistenceService } from '@holdfast/registry';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Copies, type StoreFault } from './support/copies.ts';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { sampleBytes } from './support/world.ts';

const bytes = sampleBytes(200_000);
const faults: readonly StoreFault[] = [
  'good',
  'damaged',
  'missing',
  'down',
  'busy',
  'breaking',
  'gone',
  'unconfigured',
];

type Read = (persistence: ModelPersistenceService, version: ModelVersion) => Promise<Uint8Array>;

const ways: Readonly<Record<string, Read>> = {
  'into memory': (persistence, version) => persistence.load(version),
  'as a stream': async (persistence, version) => {
    const chunks: Buffer[] = [];
    for await (const chunk of persistence.read(version)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  },
  'into a file': async (persistence, version) => {
    await using folder = await TemporaryFolder.make();
    await persistence.loadToPath(version, folder.join('file'));
    expect(await folder.names()).toEqual(['file']);
    return readFile(folder.join('file'));
  },
};

/** Whether a store alone can give the bytes, and in this way. */
function isReadable(fault: StoreFault): boolean {
  return fault === 'good' || fault === 'busy';
}

/** A stream goes on from another copy only where no byte of the first one was wrong. */
function isDelivered(main: StoreFault, spare: StoreFault, way: string): boolean {
  if (way !== 'as a stream') return isReadable(main) || isReadable(spare);
  if (main === 'damaged') return false;
  if (main === 'breaking') return isReadable(spare);
  return main === 'good' || isReadable(spare) || (main === 'busy' && spare !== 'damaged');
}

describe.each(Object.keys(ways))('reading %s', (way) => {
  const read = ways[way] as Read;
  const pairs = faults.flatMap((main) => faults.map((spare) => [main, spare] as const));

  test.each(pairs)('with a copy that is %s and one that is %s', async (main, spare) => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    copies.faults = { main, spare };
    const reading = read(copies.open(), version);
    if (isDelivered(main, spare, way)) expect(Buffer.compare(await reading, bytes)).toBe(0);
    else await expect(reading).rejects.toMatchObject({ name: 'StorageError' });
    const states = await copies.states(version);
    const isAsked = { main: true, spare: main !== 'good' };
    for (const name of ['main', 'spare'] as const) {
      const isDamaged = ['damaged', 'missing'].includes(copies.faults[name]) && isAsked[name];
      if (way !== 'as a stream' || name === 'main')
        expect([name, states[name]]).toEqual([name, isDamaged ? 'corrupt' : 'verified']);
    }
  });
});

describe('copies', () => {
  afterEach(() => void vi.useRealTimers());

  test('of a store that is down are asked once, and last for the rest of the command', async () => {
    const copies = new Copies();
    const versions = [await copies.save(bytes, 'a'), await copies.save(sampleBytes(9, 2), 'b')] as const;
    copies.faults = { main: 'down', spare: 'good' };
    const persistence = copies.open();
    const onTrouble = vi.fn<(trouble: CopyTrouble) => void>();
    await persistence.load(versions[0], { onTrouble });
    expect(copies.requests).toEqual([
      { storeName: 'main', hasAlternative: true },
      { storeName: 'spare', hasAlternative: false },
    ]);
    expect(onTrouble.mock.calls).toMatchObject([
      [{ storeName: 'main', state: 'unreachable', readFrom: 'spare', reason: 'The store does not answer.' }],
    ]);
    copies.requests.length = 0;
    await persistence.load(versions[1]);
    expect(copies.requests.map(({ storeName }) => storeName)).toEqual(['spare']);
  });

  test('of a silent store are given up after five seconds, where there is another', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    const context = { operation: 'get', backend: copies.main.backend };
    const silent = overriding(copies.main, {
      get: (_key, options) => orCancelled(new Promise<never>(() => undefined), options?.signal, context),
    });
    Object.assign(copies, { main: silent });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = copies.open().load(version);
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(copies.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(Buffer.compare(await reading, bytes)).toBe(0);
  });

  test('that are damaged are recorded, tried last from then on, and repaired by the next save', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    copies.faults = { main: 'damaged', spare: 'good' };
    await copies.open().load(version);
    copies.requests.length = 0;
    const onTrouble = vi.fn<(trouble: CopyTrouble) => void>();
    await copies.open().load(version, { onTrouble });
    expect(copies.requests.map(({ storeName }) => storeName)).toEqual(['spare']);
    expect(onTrouble.mock.calls).toMatchObject([[{ storeName: 'main', state: 'damaged' }]]);
    copies.faults = { main: 'good', spare: 'down' };
    expect(Buffer.compare(await copies.open().load(version), bytes)).toBe(0);
    const { isDuplicate } = await copies.open().save(bytes, { name: 'model' });
    expect(isDuplicate).toBe(false);
    expect(await copies.states(version)).toEqual({ main: 'verified', spare: 'verified' });
  });

  test('are not blamed for what passes: the second reading counts', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    const { main } = copies;
    let isFirst = true;
    Object.assign(copies, {
      main: overriding(main, {
        get: async (...parameters) => {
          const reader = await main.get(...parameters);
          if (!isFirst || reader === undefined) return reader;
          isFirst = false;
          const { bytes: _bytes, ...others } = reader;
          return {
            ...others,
            body: one(sampleBytes(200_000, 7)),
            [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
          };
        },
      }),
    });
    const onTrouble = vi.fn<(trouble: CopyTrouble) => void>();
    expect(Buffer.compare(await copies.open().load(version, { onTrouble }), bytes)).toBe(0);
    expect(onTrouble).not.toHaveBeenCalled();
    expect(await copies.states(version)).toEqual({ main: 'verified', spare: 'verified' });
  });

  test('go on at the same offset: by a range where the store keeps digests, else from the beginning', async () => {
    for (const keepsDigests of [true, false]) {
      const copies = new Copies();
      const version = await copies.save(bytes);
      copies.faults = { main: 'breaking', spare: 'good' };
      if (!keepsDigests) {
        const spare = copies.spare;
        const get: typeof spare.get = async (...parameters) => {
          const reader = await spare.get(...parameters);
          if (reader === undefined) return undefined;
          const { checksum: _checksum, ...info } = reader.info;
          return overriding(reader, { info });
        };
        Object.assign(copies, { spare: overriding(spare, { get }) });
      }
      const chunks: Buffer[] = [];
      for await (const chunk of copies.open().read(version)) chunks.push(Buffer.from(chunk));
      expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0);
      const ranged = { storeName: 'spare', range: { offset: 100_000 }, hasAlternative: false };
      const whole = { storeName: 'spare', hasAlternative: false };
      expect(copies.requests.slice(1)).toEqual(keepsDigests ? [ranged] : [ranged, whole]);
    }
  });

  test('that gave wrong bytes together are not told apart: no copy is recorded as damaged', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    copies.faults = { main: 'breaking', spare: 'damaged' };
    const reading = Array.fromAsync(copies.open().read(version), () => undefined);
    await expect(reading).rejects.toMatchObject({
      code: 'checksum-mismatch',
      hint: expect.stringContaining('several copies'),
    });
    expect(await copies.states(version)).toEqual({ main: 'verified', spare: 'verified' });
  });

  test('that gave all of a wrong stream are read again and recorded; the next stream is right', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    copies.faults = { main: 'damaged', spare: 'good' };
    const reading = Array.fromAsync(copies.open().read(version), () => undefined);
    await expect(reading).rejects.toMatchObject({ hint: expect.stringContaining('the copy in spare') });
    expect(await copies.states(version)).toEqual({ main: 'corrupt', spare: 'verified' });
    expect(await Array.fromAsync(copies.open().read(version), ({ byteLength }) => byteLength)).toBeTruthy();
  });

  test('are read from one store alone when it is named', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    await copies.open().load(version, { store: 'spare' });
    expect(copies.requests).toEqual([{ storeName: 'spare', hasAlternative: false }]);
    copies.faults = { main: 'good', spare: 'damaged' };
    await expectCode(copies.open().load(version, { store: 'spare' }), 'checksum-mismatch');
    await copies.registry.repositories.objects.deleteLocation(version.storage.checksum, 'spare');
    await expect(copies.open().load(version, { store: 'spare' })).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('holdfast mirror main spare'),
    });
    await expectCode(copies.open().load(version, { store: 'lake' }), 'invalid-configuration');
  });

  test('of which the registry knows none are found under their digest', async () => {
    const copies = new Copies();
    const version = await copies.save(bytes);
    for (const name of ['main', 'spare'])
      await copies.registry.repositories.objects.deleteLocation(version.storage.checksum, name);
    copies.faults = { main: 'missing', spare: 'good' };
    expect(Buffer.compare(await copies.open().load(version), bytes)).toBe(0);
    copies.faults = { main: 'missing', spare: 'missing' };
    await expectCode(copies.open().load(version), 'not-found');
  });

  test('of a folder are found file by file', async () => {
    await using folder = await TemporaryFolder.make();
    await mkdir(folder.join('in'));
    for (const [name, text] of [
      ['a', 'first'],
      ['b', 'second'],
    ] as const)
      await writeFile(folder.join('in', name), text);
    const copies = new Copies();
    await copies.save(bytes);
    const { version } = await copies.open().saveFolder(folder.join('in'), { name: 'tree' });
    const { objects } = copies.registry.repositories;
    for (const digest of await objects.findReferences(versionOwner(version.id))) {
      const [location] = await objects.findLocations(digest);
      if (location === undefined) throw new Error('An object has no location.');
      const reader = await copies.main.get(location.key as never);
      if (reader === undefined) throw new Error('An object is not stored.');
      await copies.spare.put(location.key as never, reader.body);
      await objects.putLocation({ ...location, storeName: 'spare' });
    }
    copies.faults = { main: 'unconfigured', spare: 'good' };
    const onTrouble = vi.fn<(trouble: CopyTrouble) => void>();
    await copies.open().loadToPath(version, folder.join('out'), { onTrouble });
    expect(await readFile(folder.join('out/b'), 'utf8')).toBe('second');
    expect(onTrouble.mock.calls[0]).toMatchObject([
      { storeName: 'main', state: 'unconfigured', readFrom: 'spare' },
    ]);
  });
});

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
