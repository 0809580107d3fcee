import { expect, test } from 'vitest';
import { flagSettings } from './flag-settings.ts';

test('a field that is set to two values is an issue without the values, and one that is set twice alike is not', () => {
  const { issues } = flagSettings([
    'database.url=memory:',
    'database.url=sqlite:a.db',
    'stores.default.root=a',
    'stores.default.root=a',
    'stores.other.root=b',
  ]);
  expect(issues).toEqual([
    { path: 'database.url', message: 'is set to several values', source: 'flag:--set' },
  ]);
});
