import { describe, expect, it } from 'vitest';
import {
  bytesSource,
  encodeSafetensors,
  FormatError,
  type FormatInspection,
  inspect,
  inspectFolder,
} from '../src/index.ts';
import { ProtobufWriter } from '../src/protobuf/protobuf-writer.ts';
import { writeZip } from './support/zip-writer.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const npyMagic = '\x93NUMPY\x02\x00';

function npyHeader(text: string): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return latin1(`${npyMagic}${length.toString('latin1')}${text}`);
}

function onnx(build: (graph: ProtobufWriter) => void): Uint8Array {
  return new ProtobufWriter()
    .integer(1, 8)
    .text(2, 'acme')
    .message(7, build)
    .message(8, (set) => set.integer(2, 17))
    .finish();
}

const repeat = (text: string, sizeBytes: number): string => text.repeat(Math.ceil(sizeBytes / text.length));
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Content that is as long as it is asked to be, and made to cost its reader most. */
const files: readonly (readonly [string, (sizeBytes: number) => Uint8Array])[] = [
  ['JSON of brackets', (size) => latin1(repeat('[', size))],
  ['JSON of small arrays', (size) => latin1(`[${repeat('[[1]],', size)}1]`)],
  ['JSON of escapes', (size) => latin1(`["${repeat('\\n\\u00e9', size)}"]`)],
  ['JSON of keys', (size) => latin1(`{${lines(size / 12, (index) => `"${index}":1,`)}"a":1}`)],
  ['JSON of one key', (size) => latin1(`{${repeat('"a":1,', size)}"a":1}`)],
  ['JSON of spaces', (size) => latin1(`[${repeat(' ', size)}`)],
  ['a header of NumPy of brackets', (size) => npyHeader(`{'descr': ${repeat('[', size)}`)],
  ['a header of NumPy of fields', (size) => npyHeader(`{'descr': [${repeat("('a', '<f4'), ", size)}]`)],
  ['a header of NumPy of spaces', (size) => npyHeader(`{${repeat(' ', size)}`)],
  ['a header of NumPy of text', (size) => npyHeader(`{'descr': '${repeat('\\x41', size)}`)],
  ['a pickle of marks', (size) => latin1(`\x80\x04${repeat('(', size)}`)],
  ['a pickle of names', (size) => latin1(`\x80\x04${repeat('ca\nb\n', size)}.`)],
  ['a pickle of texts and memos', (size) => latin1(`\x80\x04${repeat('\x8c\x01a\x94', size)}.`)],
  ['a pickle of protocol 0 without ends of lines', (size) => latin1(repeat('S', size))],
  ['a pickle of protocol 0 of numbers', (size) => latin1(`${repeat('I1\n', size)}.`)],
  ['msgpack of maps', (size) => latin1(repeat('\x81\xa1a', size))],
  ['msgpack of texts', (size) => latin1(`\x82\xa1a${repeat('\xa1b', size)}`)],
  ['a MATLAB 4 file of small matrices', (size) => latin1(repeat(`${'\0'.repeat(16)}\x02\0\0\0a\0`, size))],
  ['zip ends', (size) => latin1(`PK\x03\x04${repeat('PK\x05\x06', size)}`)],
  [
    'a zip of many members',
    (size) =>
      writeZip(
        Array.from({ length: size / 200 }, (_, index) => ({ path: `${index}.npy`, data: new Uint8Array(8) })),
      ),
  ],
  [
    'ONNX of nodes',
    (size) =>
      onnx((graph) => {
        for (let index = 0; index < size / 8; index += 1) graph.message(1, (node) => node.text(4, 'Relu'));
      }),
  ],
  [
    'ONNX of numbers',
    (size) =>
      onnx((graph) =>
        graph.message(1, (node) =>
          node.message(5, (attribute) => {
            for (let index = 0; index < size / 2; index += 1) attribute.integer(8, 1);
          }),
        ),
      ),
  ],
  [
    'ONNX of values',
    (size) =>
      onnx((graph) => {
        for (let index = 0; index < size / 10; index += 1)
          graph.message(11, (value) => value.text(1, `v${index}`));
      }),
  ],
  ['protobuf of empty fields', (size) => latin1(`\x08\x08${repeat('\x3a\x00', size)}`)],
  [
    'safetensors of many tensors',
    (size) =>
      encodeSafetensors({
        tensors: Array.from({ length: size / 64 }, (_, index) => ({
          name: `t${index}`,
          dtype: 'U8',
          shape: [0],
          data: new Uint8Array(0),
        })),
      }),
  ],
  ['an HTML comment that does not end', (size) => latin1(`<!--${repeat(' <!-- ', size)}`)],
  ['zeros', (size) => new Uint8Array(size)],
  ['spaces', (size) => latin1(repeat(' ', size))],
];

/** YAML, as `MLmodel` would hold it. */
const documents: readonly (readonly [string, (sizeBytes: number) => string])[] = [
  ['a quoted text over many lines', (size) => `a: "${repeat('\n x', size)}"`],
  ['a line of spaces without a colon', (size) => `a${repeat(' ', size)}b`],
  ['keys', (size) => lines(size / 10, (index) => `k${index}: 1`)],
  ['one key', (size) => repeat('a: 1\n', size)],
  ['brackets', (size) => `a: ${repeat('[', size)}`],
  ['small lists', (size) => `a: [${repeat('[1], ', size)}]`],
  [
    'anchors and aliases',
    (size) => lines(size / 24, (index) => `k${index}: &a${index} 1\nj${index}: *a${index}`),
  ],
  ['aliases of one anchor', (size) => `a: &a [1]\nb: [${repeat('*a, ', size)}]`],
  ['merge keys', (size) => `b: &b {x: 1}\n${lines(size / 20, (index) => `k${index}:\n  <<: *b`)}`],
  ['comments', (size) => repeat('# c\n', size)],
  ['a block text', (size) => `a: |\n${repeat('  x\n', size)}`],
  ['a folded text', (size) => `a: >\n${repeat('  x y\n', size)}`],
  ['indentation', (size) => lines(Math.sqrt(size), (index) => `${' '.repeat(index)}a:`)],
  ['a plain text over many lines', (size) => `a: b${repeat('\n  c', size)}`],
  ['colons', (size) => `a${repeat(':', size)}`],
  ['dashes', (size) => repeat('- ', size)],
  ['tags', (size) => lines(size / 10, (index) => `k${index}: !t 1`)],
];

const look = (bytes: Uint8Array): Promise<FormatInspection> => inspect(bytesSource(bytes), { path: 'm.bin' });
const lookAtModel = (text: string): Promise<FormatInspection> => {
  const bytes = latin1(text);
  const entries = [{ path: 'MLmodel', sizeBytes: bytes.length }];
  return inspectFolder({ entries, open: () => bytesSource(bytes) });
};

/** The time that a look takes of the processor, in milliseconds: other processes do not count. */
async function costOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act().catch((error: unknown) => {
    if (!FormatError.isInstance(error)) throw error;
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
/** Growth beyond the linear, and noise, that is let pass: quadratic readers take sixteen times as long. */
const [growth, slack, noiseMs] = [4, 2, 250];

/** Four times the content must not take much more than four times as long. */
async function expectLinear(act: (sizeBytes: number) => Promise<unknown>, sizeBytes: number): Promise<void> {
  await costOf(() => act(sizeBytes / 4));
  const small = await costOf(() => act(sizeBytes));
  const large = await costOf(() => act(sizeBytes * growth));
  expect(large, `${small} ms, then ${large} ms`).toBeLessThan(small * growth * slack + noiseMs);
}

describe('looking takes time in proportion to the content', () => {
  it.each(files)('of %s', async (_, make) => {
    const contents = new Map<number, Uint8Array>();
    const of = (sizeBytes: number): Uint8Array => contents.get(sizeBytes) ?? make(sizeBytes);
    const sizeBytes = isLong ? 1_000_000 : 60_000;
    for (const factor of [0.25, 1, growth]) contents.set(sizeBytes * factor, make(sizeBytes * factor));
    await expectLinear((size) => look(of(size)), sizeBytes);
  });

  it.each(documents)('of YAML of %s', async (_, make) => {
    await expectLinear((size) => lookAtModel(make(size)), isLong ? 60_000 : 15_000);
  });
});
