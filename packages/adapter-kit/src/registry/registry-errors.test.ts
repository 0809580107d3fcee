import { digestOfHex } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { expect, test } from 'vitest';
import { RegistryErrors } from './registry-errors.ts';

const errors = new RegistryErrors('x-cards');
const digest = digestOfHex('0'.repeat(64));

const expectations: readonly (readonly [keyof RegistryErrors, StorageError, object])[] = [
  ['taken', errors.taken('models.save', 'n'), { code: 'already-exists', retry: 'never', key: 'n' }],
  ['stale', errors.stale('models.save', 'n'), { code: 'precondition-failed', retry: 'never', key: 'n' }],
  [
    'immutable',
    errors.immutable('models.save', 'n:1', ['metrics']),
    { code: 'invalid-argument', retry: 'never', key: 'n:1' },
  ],
  ['removed', errors.removed('models.save', 'n:1'), { code: 'already-exists', retry: 'never', key: 'n:1' }],
  ['condemned', errors.condemned('models.save', digest), { code: 'locked', retry: 'temporary', key: digest }],
  ['nested', errors.nested('models.save'), { code: 'invalid-argument', retry: 'never', key: undefined }],
  ['over', errors.over('models.save'), { code: 'invalid-argument', retry: 'never', key: undefined }],
  ['closed', errors.closed('models.save'), { code: 'unavailable', retry: 'never', key: undefined }],
];

test.each(expectations)('%s names the backend, the operation and the record', (_, error, expected) => {
  expect(StorageError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ operation: 'models.save', backend: 'x-cards', ...expected });
  expect(error.message).toContain('models.save');
});

test('every error whose user can do something says what', () => {
  const helpful = expectations.filter(([, error]) => error.hint !== undefined).map(([name]) => name);
  expect(helpful).toEqual(['stale', 'immutable', 'removed', 'condemned', 'nested', 'over']);
});
