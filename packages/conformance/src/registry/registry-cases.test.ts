import { expect, test } from 'vitest';
import { registryCases } from './registry-cases.ts';

test('every case of the registry has a name of its own', () => {
  const names = registryCases.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
