import { expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { bytesSource, encodeMat, inspect, readMat, type Value } from '../index.ts';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { element, tag } from './mat-element.ts';

const most = 0x7fff_ffff;
const [cellClass, structClass, charClass, sparseClass] = [1, 2, 4, 5];
const ints = (...values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function array(classNumber: number, dims: readonly number[], ...content: readonly Uint8Array[]): Uint8Array {
  const parts = [...element(6, ints(classNumber, 0)), ...element(5, ints(...dims)), ...element(1, text('v'))];
  return concatenateBytes(element(14, ...parts, ...content));
}

function fields(nameBytes: number, names: Uint8Array): readonly Uint8Array[] {
  return [...element(5, ints(nameBytes)), ...element(1, names)];
}

const file = (variable: Uint8Array): Uint8Array => concatenateBytes([encodeMat({}), variable]);

async function valueOf(variable: Uint8Array): Promise<Value | undefined> {
  const { variables } = await readMat(file(variable));
  return variables[0]?.read();
}

function nested(depth: number): Uint8Array {
  let inner = array(cellClass, [0, 0]);
  for (let level = 0; level < depth; level += 1) inner = array(cellClass, [1, 1], inner);
  return inner;
}

it('names a single missing byte as one', async () => {
  const whole = file(array(cellClass, [0, 0]));
  await expect(readMat(whole.subarray(0, -1))).rejects.toMatchObject({
    reason: 'a variable needs 1 byte more than there are',
  });
});

it.each<[string, Uint8Array, string]>([
  [
    'more cells than there are bytes',
    array(cellClass, [most, 1]),
    '2147483647 arrays are claimed in 0 bytes',
  ],
  ['cells in cells', nested(201), 'arrays are nested deeper than 200 levels'],
  ['more texts than characters', array(charClass, [most, 1], ...element(17)), 'more than the file can hold'],
  ['more elements than a number holds', array(sparseClass, [most, most]), 'are out of range'],
  [
    'names without end',
    array(structClass, [0, 1], ...fields(1, new Uint8Array(65_537))),
    'more than 65536 fields',
  ],
  ['names of no length', array(structClass, [1, 1], ...fields(0, text('a'))), 'have no length'],
])('%s are refused before they cost memory', async (_, variable, reason) => {
  expect((await refusalOf(() => valueOf(variable))).reason).toContain(reason);
});

it('a struct without fields may claim any number of elements, read, described and written', async () => {
  const variable = array(structClass, [most, 1], ...fields(32, new Uint8Array(0)));
  const value = await valueOf(variable);
  expect(value).toMatchObject({ kind: 'struct', shape: [most, 1], fields: [] });
  const { variables } = await inspect(bytesSource(file(variable)));
  expect(variables).toMatchObject([{ name: 'v', type: 'struct', shape: [most, 1] }]);
  const [again] = (await readMat(encodeMat({ v: value as Value }))).variables;
  expect(await again?.read()).toEqual(value);
});

it('cells without content share one empty array', async () => {
  const tags = Array.from({ length: 1000 }, () => tag(14, 0));
  const value = await valueOf(array(cellClass, [1000, 1], ...tags));
  expect(value?.kind === 'cell' && new Set(value.data).size).toBe(1);
});
