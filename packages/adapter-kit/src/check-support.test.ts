import { type StorageCapabilities, StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { everything } from '../test/everything.ts';
import { SupportGuard } from './check-support.ts';

const context = { operation: 'test', backend: 'x-narrow' } as const;
const key = 'k' as never;

/** What each capability lets through; without it, and only it, the same is refused. */
const uses: readonly (readonly [keyof StorageCapabilities, (guard: SupportGuard) => void])[] = [
  ['createIfAbsent', (guard) => guard.requirePut(false, { mode: 'create' }, context)],
  ['replaceIfMatch', (guard) => guard.requirePut(false, { mode: { ifMatch: 'e' } }, context)],
  ['lateKey', (guard) => guard.requirePut(true, {}, context)],
  ['contentType', (guard) => guard.requirePut(false, { contentType: '' }, context)],
  ['userMetadata', (guard) => guard.requirePut(false, { metadata: { a: '' } }, context)],
  ['ranges', (guard) => guard.requireGet({ range: { offset: 0 } }, context)],
  ['suffixRanges', (guard) => guard.requireGet({ range: { suffix: 0 } }, context)],
  ['versions', (guard) => guard.requireGet({ version: '' }, context)],
  ['versions', (guard) => guard.requireHead({ version: '1' }, context)],
  ['deleteIfMatch', (guard) => guard.requireDelete([{ key }, { key, ifMatch: '' }], context)],
  ['delimiters', (guard) => guard.requireList({ delimiter: '' }, context)],
  ['startAfter', (guard) => guard.requireList({ startAfter: '' }, context)],
  ['conditionalCopy', (guard) => guard.requireCopy({ mode: 'create' }, context)],
  ['conditionalCopy', (guard) => guard.requireCopy({ mode: { ifMatch: 'e' } }, context)],
  ['userMetadata', (guard) => guard.requireCopy({ metadata: { a: '' } }, context)],
  ['presignGet', (guard) => guard.require('presignGet', true, context)],
  ['presignPut', (guard) => guard.require('presignPut', true, context)],
  ['transactions', (guard) => guard.require('transactions', true, context)],
  ['localPath', (guard) => guard.require('localPath', true, context)],
];

describe('SupportGuard', () => {
  test.each(uses)('needs %s', (capability, use) => {
    use(new SupportGuard(everything));
    try {
      use(new SupportGuard({ ...everything, [capability]: false }));
      expect.fail('it was let through');
    } catch (error) {
      expect(StorageError.isInstance(error, 'unsupported'), String(error)).toBe(true);
      expect((error as StorageError).message).toMatch(/^x-narrow does not support .+ \(test\)\.$/);
    }
  });

  test('lets through what asks for nothing', () => {
    const names = Object.keys(everything).filter(
      (name) => typeof everything[name as keyof StorageCapabilities] === 'boolean',
    );
    const nothing = {
      ...everything,
      ...Object.fromEntries(names.map((name) => [name, false])),
    } as StorageCapabilities;
    const guard = new SupportGuard(nothing);
    expect(names).toHaveLength(16);
    guard.requirePut(false, {}, context);
    guard.requirePut(false, { mode: 'overwrite', metadata: {}, sizeBytes: 3 }, context);
    guard.requireGet({ ifMatch: 'e' }, context);
    guard.requireHead({}, context);
    guard.requireDelete([{ key }], context);
    guard.requireList({ prefix: 'a', pageSize: 3 }, context);
    guard.requireCopy({ mode: 'overwrite', metadata: {} }, context);
    guard.require('localPath', false, context);
  });
});
