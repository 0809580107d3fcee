import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../test/support/counting-source.ts';
import { writeZip } from '../test/support/zip-writer.ts';
import {
  encodeNpy,
  encodeSafetensors,
  FormatError,
  type FormatInspection,
  inspect,
  sampleClassifier,
} from './index.ts';
import { ProtobufWriter } from './protobuf/protobuf-writer.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const npy = encodeNpy({ dtype: '<f4', shape: [2, 2], data: new Uint8Array(16) });
const matlab = new Uint8Array(160).fill(0x20, 0, 124);
matlab.set(latin1('MATLAB 5.0 MAT-file, Platform: GLNXA64'));
matlab.set(latin1('\x00\x01IM\x0f\x00\x00\x00\x10\x00\x00\x00'), 124);
const hdf5 = new Uint8Array(600);
hdf5.set(latin1('\x89HDF\r\n\x1a\n\x00\x00\x00\x00\x00\x08\x08'));
hdf5.set(latin1('\x58\x02'), 40);

const samples: { readonly [name: string]: Uint8Array } = {
  safetensors: encodeSafetensors({
    tensors: [
      { name: 'weight', dtype: 'F32', shape: [2, 2], data: new Uint8Array(16) },
      { name: 'bias', dtype: 'BF16', shape: [2], data: new Uint8Array(4) },
    ],
    metadata: { format: 'pt' },
  }),
  onnx: sampleClassifier(1).onnx.subarray(0, 1292),
  'hand-made onnx': new ProtobufWriter()
    .integer(1, 8)
    .message(7, (graph) =>
      graph
        .message(1, (node) => node.text(1, 'x').text(2, 'y').text(4, 'Relu'))
        .text(2, 'g')
        .message(5, (tensor) =>
          tensor.packedIntegers(1, [2]).integer(2, 1).text(8, 'w').bytes(9, new Uint8Array(8)),
        )
        .message(11, (value) => value.text(1, 'x')),
    )
    .message(8, (set) => set.integer(2, 17))
    .finish(),
  npy,
  npz: writeZip([
    { path: 'a.npy', data: npy },
    { path: 'b.npy', data: npy, isZip64: true },
  ]),
  torch: writeZip([
    { path: 'm/data.pkl', data: latin1('\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01.') },
    { path: 'm/version', data: latin1('3\n') },
  ]),
  'pickle of protocol 4': latin1(
    '\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94]\x94(K\x01K\x02e\x8c\x01b\x94Nu.',
  ),
  'pickle of protocol 0': latin1("(dp0\nS'a'\np1\n(lp2\nI1\naI2\nas."),
  json: latin1('{"a": [1, 2.5e3, true, null, "\\u00e9"]}'),
  matlab,
  hdf5,
  'msgpack of Flax': latin1(
    '\x81\xa1w\xc7\x12\x01\x93\x91\x02\xa7float32\xc4\x08\x00\x00\x00\x00\x00\x00\x80\x3f',
  ).subarray(0, 24),
};

/** What every inspection owes, whatever the bytes: an answer in plain JSON or a refusal within the file, for a bounded price. */
async function expectBounded(bytes: Uint8Array): Promise<void> {
  const source = countingSource(bytes);
  const outcome = await inspect(source).catch((error: unknown) => error);
  const faults = FormatError.isInstance(outcome)
    ? faultsOfRefusal(outcome, bytes)
    : faultsOfAnswer(outcome, bytes);
  expect(faults).toEqual([]);
  expect(source.bytesRead).toBeLessThan(20 * bytes.length + 100_000);
}

function faultsOfRefusal({ offset, reason }: FormatError, bytes: Uint8Array): unknown[] {
  return offset >= 0 && offset <= bytes.length && reason !== '' ? [] : [offset, reason];
}

function faultsOfAnswer(outcome: unknown, bytes: Uint8Array): unknown[] {
  if (outcome instanceof Error) return [outcome.stack];
  const result = outcome as FormatInspection;
  const isPlain = isDeepStrictEqual(JSON.parse(JSON.stringify(result)), result);
  const stray =
    result.tensors?.filter(({ byteRange }) => byteRange !== undefined && byteRange.end > bytes.length) ?? [];
  return isPlain && result.evidence.length > 0 ? stray : [result];
}

describe.each(Object.entries(samples))('bytes like %s', (_, sample) => {
  it('cut at any length give an answer or a refusal', async () => {
    for (let length = 0; length <= sample.length; length += 1)
      await expectBounded(sample.subarray(0, length));
  });

  it('with any byte changed give an answer or a refusal', async () => {
    for (let index = 0; index < sample.length; index += 1) {
      for (const mask of [0x01, 0x80, 0xff])
        await expectBounded(sample.with(index, (sample[index] ?? 0) ^ mask));
    }
  });

  it('with parts overwritten, taken out or doubled give an answer or a refusal', async () => {
    const place = fc.nat(sample.length);
    const patch = fc.uint8Array({ maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(place, place, patch, async (from, to, bytes) => {
        await expectBounded(Uint8Array.from([...sample.subarray(0, from), ...bytes, ...sample.subarray(to)]));
      }),
      { numRuns: 300 },
    );
  });
});

describe('any bytes', () => {
  it('give an answer or a refusal', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300, size: 'max' }), expectBounded), {
      numRuns: 1000,
    });
  });

  it('at random are binary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 4096, size: 'max' }), async (bytes) => {
        expect(await inspect(countingSource(bytes))).toMatchObject({ format: 'binary' });
      }),
      { numRuns: 300 },
    );
  });
});
