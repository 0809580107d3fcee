import { pythonOracle } from '@holdfast/tooling-services';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource, encodeSafetensors, FormatError, inspect, type FormatInspection } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';

const python = pythonOracle() ?? '';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const safetensorsProgram = `
import sys, json, base64
from safetensors import deserialize
out = []
for text in json.load(sys.stdin):
    try:
        out.append(sorted([n, t['dtype'], t['shape'], base64.b64encode(bytes(t['data'])).decode()] for n, t in deserialize(base64.b64decode(text))))
    except Exception as e:
        out.append(str(e))
print(json.dumps(out))`;

/** Where we are stricter than the library on purpose: the format says so, and it lets it pass. */
const strictness = /given twice|too large|has no|is due|begins with white space/;

function describeTensors({ tensors }: FormatInspection, file: Uint8Array): unknown[][] {
  const described = tensors?.map(({ name, dtype, shape, byteRange }) => [
    name,
    dtype,
    shape,
    base64(file.subarray(byteRange?.start, byteRange?.end)),
  ]);
  return described?.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)) ?? [];
}

describe.skipIf(python === '')('safetensors', () => {
  it('reads the files that are written here', () => {
    const tensors = ['F64', 'F32', 'F16', 'BF16', 'I64', 'U8', 'BOOL', 'C64', 'F8_E4M3'].map(
      (dtype, index) => {
        const itemBytes =
          { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U8: 1, BOOL: 1, C64: 8, F8_E4M3: 1 }[dtype] ?? 0;
        return {
          name: `é ${dtype}`,
          dtype,
          shape: [index, 2],
          data: new Uint8Array(index * 2 * itemBytes).fill(index),
        };
      },
    );
    const [answer] = askPython(python, safetensorsProgram, [
      base64(encodeSafetensors({ tensors, metadata: { 'a"b': 'ü' } })),
    ]) as unknown[][];
    const expected = tensors.map(({ name, dtype, shape, data }) => [name, dtype, shape, base64(data)]);
    expect(answer).toEqual(expected.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
  });

  it('agrees about files that were tampered with', async () => {
    const sample = encodeSafetensors({
      tensors: [
        { name: 'a', dtype: 'F32', shape: [2, 2], data: new Uint8Array(16) },
        { name: 'b', dtype: 'U8', shape: [3], data: new Uint8Array(3) },
        { name: 'c', dtype: 'F4', shape: [4], data: new Uint8Array(2) },
      ],
      metadata: { format: 'pt' },
    });
    const letters = new TextEncoder().encode('0123456789[]{},:"abcFU8 \\u.-e');
    const files = fc
      .sample(
        fc.array(fc.tuple(fc.integer({ min: 0, max: sample.length - 1 }), fc.nat(letters.length - 1)), {
          minLength: 1,
          maxLength: 3,
        }),
        { numRuns: 4000, seed: 1 },
      )
      .map((changes) =>
        changes.reduce((bytes, [place, letter]) => bytes.with(place, letters[letter] ?? 0), sample),
      );
    const answers = askPython(python, safetensorsProgram, files.map(base64)) as (unknown[][] | string)[];
    let acceptedCount = 0;
    for (const [index, file] of files.entries()) {
      const ours = await inspect(bytesSource(file), { format: 'safetensors' }).catch(
        (error: unknown) => error,
      );
      const theirs = answers[index] ?? '';
      const isRefused = FormatError.isInstance(ours);
      const isStricter = isRefused && typeof theirs !== 'string' && strictness.test(ours.reason);
      const bothRefuse = isRefused && typeof theirs === 'string';
      acceptedCount += isRefused ? 0 : 1;
      expect(bothRefuse || isStricter || describeTensors(ours as FormatInspection, file)).toEqual(
        bothRefuse || isStricter || theirs,
      );
    }
    expect(acceptedCount).toBeGreaterThan(200);
  });
});
