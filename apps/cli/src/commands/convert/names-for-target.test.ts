import { lazyOf } from '@holdfast/formats';
import { expect, test } from 'vitest';
import { namesForTarget } from './names-for-target.ts';

const value = {
  kind: 'numeric',
  dtype: 'uint8',
  shape: [1],
  order: 'row-major',
  data: Uint8Array.of(1),
} as const;

function namesOf(names: readonly string[], format: 'matlab' | 'safetensors'): readonly string[] {
  const values = names.map((name) => lazyOf(name, value));
  const { named, renamed } = namesForTarget(values, { format, fileName: 'my-file' });
  const changed = names.flatMap((name, index) => {
    const [from, to] = [name === '' ? 'my-file' : name, named[index]?.name ?? ''];
    return from === to ? [] : [{ from, to }];
  });
  expect(renamed).toEqual(changed);
  return named.map(({ name }) => name);
}

test('MATLAB gets names that it can have, and every change is reported', () => {
  expect(namesOf(['X097_DE_time', 'fc.weight', '0x', 'é', '_a', ''], 'matlab')).toEqual([
    'X097_DE_time',
    'fc_weight',
    'x_0x',
    'x__',
    'x__a',
    'my_file',
  ]);
});

test('names that become equal stay apart, and a name that needs no change keeps it', () => {
  expect(namesOf(['a b', 'a-b', 'a_b', 'a_b_2', 'a.b'], 'matlab')).toEqual([
    'a_b_3',
    'a_b_4',
    'a_b',
    'a_b_2',
    'a_b_5',
  ]);
});

test('names that are cut to the same 63 characters stay apart', () => {
  const long = 'n'.repeat(70);
  expect(namesOf([`${long}1`, `${long}2`, 'n'.repeat(63)], 'matlab')).toEqual([
    `${'n'.repeat(61)}_2`,
    `${'n'.repeat(61)}_3`,
    'n'.repeat(63),
  ]);
});

test('other formats keep names as they are, except that each is there once', () => {
  expect(namesOf(['a.b', 'a b', 'a.b', ''], 'safetensors')).toEqual(['a.b', 'a b', 'a.b_2', 'my-file']);
});
