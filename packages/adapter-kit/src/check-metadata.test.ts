import { StorageError } from '@holdfast/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMetadata, maximumMetadataBytes } from './check-metadata.ts';

const context = { operation: 'put', backend: 'memory', key: 'k' } as const;
const names = fc
  .stringMatching(/^[a-z0-9][a-z0-9_.-]{0,20}$/)
  .filter((name) => !name.startsWith('holdfast-'));
const values = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !/\p{Cc}/u.test(value));

describe('checkMetadata', () => {
  test('takes lower-case names and values of any Unicode', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values, { maxKeys: 5 }), (metadata) => {
        checkMetadata(metadata, context);
      }),
    );
  });

  test.each(['', 'Upper', 'a b', '_a', '-a', '.a', 'ä', 'a/b', 'a:b', 'holdfast-', 'holdfast-attempt'])(
    'refuses the name %j and tells it',
    (name) => {
      const error = refusal({ [name]: 'value' });
      expect(error).toMatchObject({
        code: 'invalid-argument',
        operation: 'put',
        backend: 'memory',
        key: 'k',
      });
      expect(error.message).toContain(JSON.stringify(name));
    },
  );

  test.each(['\n', 'a\u0000', '\u0085', '\uD800', 3, undefined, null])('refuses the value %j', (value) => {
    expect(refusal({ field: value as string }).message).toContain('"field"');
  });

  test('takes just as many bytes as every backend keeps', () => {
    const name = 'n';
    checkMetadata({ [name]: 'x'.repeat(maximumMetadataBytes - 1) }, context);
    checkMetadata({ [name]: 'é'.repeat((maximumMetadataBytes - 2) / 2) }, context);
    expect(refusal({ [name]: 'x'.repeat(maximumMetadataBytes) }).message).toContain('2049 bytes');
    expect(refusal({ [name]: 'é'.repeat(maximumMetadataBytes / 2) }).message).toContain('2049 bytes');
    expect(refusal({ a: 'x'.repeat(1_500), b: 'x'.repeat(1_500) }).code).toBe('invalid-argument');
  });
});

function refusal(metadata: Readonly<Record<string, string>>): StorageError {
  try {
    checkMetadata(metadata, context);
  } catch (error) {
    if (StorageError.isInstance(error)) return error;
  }
  throw new Error(`${JSON.stringify(metadata)} was not refused`);
}
