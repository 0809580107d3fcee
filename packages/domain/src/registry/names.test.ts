import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAliasName } from './alias-name.ts';
import { parseModelName } from './model-name.ts';
import { parseModelReference, parseVersionNumber, printModelReference } from './model-reference.ts';
import { parseTags } from './tags.ts';

const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
const modelName = fc
  .array(
    word.filter((segment) => segment !== '.' && segment !== '..'),
    { minLength: 1, maxLength: 3 },
  )
  .map((segments) => segments.join('/'));
const aliasName = word.filter((name) => !/^(latest|v?\d+)$/i.test(name));

describe('parseModelName', () => {
  test('takes every name by the rules', () => {
    fc.assert(
      fc.property(modelName, (name) => {
        expect(parseModelName(name)).toBe(name);
      }),
    );
    expect(parseModelName('a'.repeat(255))).toHaveLength(255);
  });

  test.each([
    ['', /is empty/],
    ['a'.repeat(256), /longer than 255/],
    ['a b', /forbidden character " "/],
    ['a@b', /forbidden character "@"/],
    ['a:b', /forbidden character ":"/],
    ['modèle', /forbidden character "è"/],
    ['a😀', /forbidden character "😀"/],
    ['a\\b', /forbidden character/],
    ['a\n', /forbidden character/],
    ['/a', /empty segment/],
    ['a/', /empty segment/],
    ['a//b', /empty segment/],
    ['../a', /"\." or "\.\." segment/],
    ['a/.', /"\." or "\.\." segment/],
  ])('refuses %j and says why', (name, reason) => {
    expect(() => parseModelName(name)).toThrow(
      expect.objectContaining({
        field: 'name',
        value: name,
        reason: expect.stringMatching(reason) as string,
      }),
    );
  });
});

describe('parseAliasName', () => {
  test('takes every word that means nothing else', () => {
    fc.assert(
      fc.property(aliasName, (name) => {
        expect(parseAliasName(name)).toBe(name);
      }),
    );
  });

  test.each([
    '',
    'latest',
    'Latest',
    'LATEST',
    '1',
    'v1',
    'V12',
    '007',
    'a/b',
    'a b',
    'a:b',
    'é',
    'a\n',
    'a'.repeat(256),
  ])('refuses %j', (name) =>
    expect(() => parseAliasName(name)).toThrow(expect.objectContaining({ field: 'alias', value: name })),
  );
});

describe('model references', () => {
  test('are printed as they are read', () => {
    const references = fc.oneof(
      fc.record({ kind: fc.constant('latest' as const), name: modelName }),
      fc.record({ kind: fc.constant('number' as const), name: modelName, number: fc.integer({ min: 1 }) }),
      fc.record({ kind: fc.constant('alias' as const), name: modelName, alias: aliasName }),
    );
    fc.assert(
      fc.property(references, (reference) => {
        expect(parseModelReference(printModelReference(reference))).toEqual(reference);
      }),
    );
  });

  test.each(['team/model', 'team/model:latest', 'team/model@latest'])(
    'take %s for the newest version',
    (text) => {
      expect(parseModelReference(text)).toEqual({ kind: 'latest', name: 'team/model' });
    },
  );

  test.each([
    ['', 'name'],
    [':3', 'name'],
    ['@champion', 'name'],
    ['m:', 'version'],
    ['m:0', 'version'],
    ['m:-1', 'version'],
    ['m:01', 'version'],
    ['m:1.5', 'version'],
    ['m:v1', 'version'],
    ['m:champion', 'version'],
    ['m:3@champion', 'version'],
    ['m:99999999999999999999', 'version'],
    ['m@', 'alias'],
    ['m@3', 'alias'],
    ['m@a:3', 'alias'],
    ['m@a@b', 'alias'],
  ])('refuse %j, naming the %s', (text, field) => {
    expect(() => parseModelReference(text)).toThrow(
      expect.objectContaining({ name: 'InvalidValueError', field }),
    );
  });

  test('number versions from 1', () => {
    expect(parseVersionNumber('1')).toBe(1);
    expect(parseVersionNumber(String(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('parseTags', () => {
  test('takes names and values by the rules', () => {
    const tags = { 'mlflow.source/name:1': 'é😀\n', a: '', ['n'.repeat(255)]: 'x'.repeat(5_000) };
    expect(parseTags(tags)).toEqual(tags);
  });

  test.each(['', 'a b', 'é', 'a\n', 'n'.repeat(256)])('refuses the name %j', (name) => {
    expect(() => parseTags({ [name]: '' })).toThrow(expect.objectContaining({ field: 'tag', value: name }));
  });

  test.each(['x'.repeat(5_001), '\uD800'])('refuses a value, naming its tag', (value) => {
    expect(() => parseTags({ owner: value })).toThrow(expect.objectContaining({ field: 'tag owner' }));
  });
});
