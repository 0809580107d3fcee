import { digestOfHex } from '@holdfast/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoredMetadata } from './stored-metadata.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,12}$/).filter((text) => !text.startsWith('holdfast-'));
const value = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text));
const fields = fc.dictionary(name, value, { maxKeys: 8 });
const checksum = digestOfHex('ab'.repeat(32));

describe('StoredMetadata', () => {
  test.each([{}, { plainName: /^[a-z][a-z0-9_]*$/, separator: '_' }] as const)(
    'gives back any fields, and spells them in what HTTP keeps: %j',
    (spelling) => {
      const metadata = new StoredMetadata(spelling);
      fc.assert(
        fc.property(fields, (given) => {
          const described = { metadata: given, attemptId: 'a-1', checksum, writtenMs: 1_700_000_000_000 };
          const stored = metadata.encode(described);
          for (const [field, text] of Object.entries(stored ?? {})) {
            expect(`${field}: ${text}`).toMatch(/^[a-z0-9_.-]+: [\x21-\x7E]([\x20-\x7E]*[\x21-\x7E])?$/);
          }
          expect(metadata.decode(stored ?? {})).toEqual(described);
        }),
      );
    },
  );

  test('stands as it is where everybody can read it', () => {
    const stored = new StoredMetadata().encode({ metadata: { owner: 'team', 'run.id': '4', ö: 'x' } });
    expect(stored).toMatchObject({ owner: 'team', 'holdfast-fields': expect.any(String) as string });
    expect(Object.keys(stored ?? {})).toHaveLength(2);
  });

  test('packs what is long, and says when it cannot be made to fit', () => {
    const metadata = new StoredMetadata();
    const long = { metadata: { a: 'x'.repeat(2_047) }, attemptId: 'a', checksum };
    expect(metadata.decode(metadata.encode(long) ?? {})).toMatchObject(long);
    const random = Array.from({ length: 2_000 }, (_, index) =>
      String.fromCharCode(33 + ((index * 7_919) % 89) + ((index * index) % 5)),
    );
    expect(
      new StoredMetadata({ maximumBytes: 500 }).encode({ metadata: { a: random.join('') } }),
    ).toBeUndefined();
  });

  test('reads what others wrote as it is', () => {
    const stored = { Owner: '100%25', 'holdfast-fields': 'not packed', 'holdfast-sha256': 'short' };
    expect(new StoredMetadata().decode(stored)).toEqual({
      metadata: { owner: '100%25' },
      attemptId: undefined,
      checksum: undefined,
      writtenMs: undefined,
    });
  });
});
