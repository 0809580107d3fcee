import { pythonOracle } from '@holdfast/tooling-services';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Hdf5Store } from '../src/hdf5/hdf5-store.ts';
import { bytesSource, FormatError, type Hdf5Dataset, inspect, readHdf5, walkHdf5 } from '../src/index.ts';
import { countingSource } from './support/counting-source.ts';
import { expectWithChangedParts, withChangedBytes } from './support/damaged.ts';
import { hdf5Samples } from './support/hdf5-samples.ts';
import { nodeInflate } from './support/node-inflate.ts';
import { refusalOf } from './support/refusal-of.ts';

const python = pythonOracle() ?? '';
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const mutationCount = isLong ? 20_000 : 300;
const timeoutMs = isLong ? 600_000 : 30_000;
const limitBytes = 1_000_000;
const endOfFileAt = 40;

/** Reads everything of a file; values or a refusal within the file, for a bounded price. */
async function readAll(bytes: Uint8Array): Promise<number> {
  const source = countingSource(bytes);
  const { root } = await readHdf5(source, { inflate: nodeInflate, limitBytes });
  for (const attribute of await root.attributes()) await attribute.read();
  let nameCount = 0;
  for await (const { object } of walkHdf5(root)) {
    nameCount += 1;
    for (const attribute of (await object?.attributes()) ?? []) await attribute.read();
    if (object?.kind === 'dataset') await object.read();
  }
  expect(source.bytesRead).toBeLessThan(40 * bytes.length + 200_000);
  return nameCount;
}

async function expectBounded(bytes: Uint8Array): Promise<void> {
  const outcome = await readAll(bytes).catch((error: unknown) => error);
  if (typeof outcome === 'number') return;
  if (!FormatError.isInstance(outcome)) throw outcome;
  expect(outcome.offset >= 0 && outcome.offset <= bytes.length ? '' : outcome.message).toBe('');
}

function withNumber(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(at, BigInt(value), true);
  return copy;
}

/** Where nodes of a kind begin. */
function nodesOf(bytes: Uint8Array, type: number): number[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/TREE/g)].map(({ index }) => index).filter((at) => bytes[at + 4] === type);
}

describe.skipIf(python === '')('a damaged HDF5 file', () => {
  let samples: ReadonlyMap<string, Uint8Array> = new Map();
  const sample = (name: string): Uint8Array => samples.get(name) ?? new Uint8Array(0);
  beforeAll(() => void (samples = hdf5Samples(python)));

  describe.each([
    ['of the earliest form', 'earliest', 6],
    ['of the latest form', 'latest', 6],
    ['with every filter', 'filters', 9],
  ])('%s', (_, name, names) => {
    it('gives its values when it is whole', async () => {
      expect(await readAll(sample(name))).toBe(names);
    });

    it('cut at any length is refused', async () => {
      const bytes = sample(name);
      const step = Math.ceil(bytes.length / 6000);
      for (let length = 0; length < bytes.length; length += step)
        expect(await refusalOf(() => readAll(bytes.subarray(0, length)))).toMatchObject({ format: 'hdf5' });
    });

    it(
      'with any byte changed gives values or a refusal',
      async () => {
        const mostPlaces = isLong ? Number.POSITIVE_INFINITY : 300;
        for (const bytes of withChangedBytes(sample(name), mostPlaces)) await expectBounded(bytes);
      },
      timeoutMs,
    );

    it(
      'with parts overwritten, taken out or doubled gives values or a refusal',
      async () => {
        await expectWithChangedParts(sample(name), expectBounded, { numRuns: mutationCount });
      },
      timeoutMs,
    );
  });

  describe('whose check sums fit the damage', () => {
    beforeAll(() => {
      vi.spyOn(Hdf5Store.prototype, 'checked').mockImplementation(function (
        this: Hdf5Store,
        address,
        length,
      ) {
        return this.block(address, length);
      });
    });
    afterAll(() => void vi.restoreAllMocks());

    it(
      'with any byte changed gives values or a refusal',
      async () => {
        const bytes = sample('indexes');
        expect(await readAll(bytes)).toBe(19);
        for (const changed of withChangedBytes(bytes, isLong ? 20_000 : 250)) await expectBounded(changed);
      },
      timeoutMs,
    );

    it(
      'with addresses that lead elsewhere gives values or a refusal',
      async () => {
        const bytes = sample('indexes');
        const signatures = [
          ...Buffer.from(bytes)
            .toString('latin1')
            .matchAll(/OHDR|BT..|FR..|FH..|EA..|FA../g),
        ];
        const places = signatures.map(({ index }) => index);
        const place = fc.constantFrom(...places);
        await fc.assert(
          fc.asyncProperty(place, fc.nat(80), place, async (from, offset, to) => {
            if (from + offset + 8 <= bytes.length) await expectBounded(withNumber(bytes, from + offset, to));
          }),
          { numRuns: 3 * mutationCount },
        );
      },
      timeoutMs,
    );
  });

  it.each(['texts', 'values', 'strings'])(
    'that claims %s without end is refused by what they take',
    async (name) => {
      const { root } = await readHdf5(sample('claims'), { limitBytes });
      const dataset = (await root.open(name)) as Hdf5Dataset;
      const refusal = await refusalOf(() => dataset.read());
      expect(refusal.reason).toBe(
        'texts or values of variable length take more than the limit of 1000000 bytes',
      );
      expect(await dataset.read({ start: [7], count: [3] })).toMatchObject({ shape: [3] });
    },
  );

  it('that claims to end where it is cut gives values or a refusal', async () => {
    const bytes = sample('earliest');
    for (let length = 100; length < bytes.length; length += 13)
      await expectBounded(withNumber(bytes.subarray(0, length), endOfFileAt, length));
  });

  it('whose tree of names leads to itself is refused', async () => {
    const bytes = sample('earliest').slice();
    for (const at of nodesOf(bytes, 0)) {
      bytes[at + 5] = 1;
      bytes.set(withNumber(bytes, at + 32, at).subarray(at + 32, at + 40), at + 32);
    }
    const { reason } = await refusalOf(() => readAll(bytes));
    expect(reason).toBe('a tree leads back to one of its own nodes');
  });

  it('whose chunk is not as long as it should be is refused', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] === 8);
    const { reason } = await refusalOf(() => readAll(bytes.with(node + 24, 7)));
    expect(reason).toBe('a chunk has 7 bytes where 8 are due');
  });

  it('whose chunk is past its end is refused', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] === 8);
    const far = withNumber(bytes, node + 24 + 24, bytes.length - 4);
    const { reason } = await refusalOf(() => readAll(far));
    expect(reason).toBe(`8 bytes at address ${bytes.length - 4} are past the end of the file`);
  });

  it('with a byte of a chunk changed does not match its check sum', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] !== 8);
    const chunk = Number(new DataView(bytes.buffer).getBigUint64(node + 24 + 32, true));
    const { reason } = await refusalOf(() => readAll(bytes.with(chunk + 3, (bytes[chunk + 3] ?? 0) ^ 1)));
    expect(reason).toBe('the check sum of a chunk does not match');
  });

  it('whose chunks are compressed needs inflate, and says where one is', async () => {
    const { root } = await readHdf5(sample('earliest'));
    const dataset = await root.open('a/n');
    const refusal = await refusalOf(async () => dataset?.kind === 'dataset' && (await dataset.read()));
    expect(refusal).toMatchObject({
      isUnsupported: true,
      reason: 'a chunk is compressed, and the option inflate, which opens it, was not passed',
      hint: expect.stringContaining("import { inflate } from '@holdfast/registry'") as string,
    });
  });

  it('whose tree is damaged is described as far as it can be read', async () => {
    const bytes = sample('earliest');
    const whole = await inspect(bytesSource(bytes));
    expect(whole.warnings ?? []).toEqual([]);
    expect(whole.variables?.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['a', 'group', []],
      ['l', 'soft link to /t', []],
      ['p', 'uint8', [40]],
      ['r', '{ x: float32, s: string of 2 bytes }', [2]],
      ['t', 'string', [2]],
    ]);
    expect(whole.variables?.[0]?.children).toMatchObject([
      { name: '@k', type: 'int64', values: ['3'] },
      {
        name: 'n',
        type: 'int16 big-endian',
        shape: [3, 4],
        storage: {
          layout: 'chunked',
          chunk: [2, 3],
          maxShape: [null, 4],
          filters: ['shuffle', 'deflate 4', 'fletcher32'],
        },
      },
    ]);
    const [, inner = 0] = nodesOf(bytes, 0);
    const damaged = await inspect(bytesSource(bytes.with(inner, 0)));
    expect(damaged.warnings).toMatchObject([{ code: 'variables-not-listed' }]);
    expect(damaged.summary).toMatchObject({ superblockVersion: 0 });
  });

  it('needs no more of a chunked dataset than the chunks of a box', async () => {
    const source = countingSource(sample('earliest'));
    const { root } = await readHdf5(source);
    const dataset = await root.open('p');
    if (dataset?.kind !== 'dataset') throw new Error('not a dataset');
    await dataset.read({ start: [0], count: [0] });
    await dataset.read({ start: [1], count: [1] });
    const before = source.bytesRead;
    const value = await dataset.read({ start: [7], count: [2] });
    expect(value).toMatchObject({ data: Uint8Array.of(7, 8) });
    expect(source.bytesRead - before).toBe(16);
    await expect(dataset.read({ start: [39], count: [2] })).rejects.toThrow(
      'inside of a dataset of 40 entries',
    );
  });
});
