import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { bytesSource, detectFormat, inspect } from '../index.ts';
import { JsonReader, type JsonTree } from './json-reader.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(bytes: Uint8Array): unknown {
  const reader = new JsonReader(bytes, ({ reason, offset }) => new SyntaxError(`${offset}: ${reason}`));
  const tree = reader.value();
  reader.end();
  return plain(tree);
}

function acceptedHere(text: string): boolean {
  return acceptedBy(() => parse(encode(text)));
}

function acceptedBy(parser: () => unknown): boolean {
  try {
    parser();
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function plain(tree: JsonTree): unknown {
  if (tree instanceof Map) return Object.fromEntries([...tree].map(([key, value]) => [key, plain(value)]));
  return Array.isArray(tree) ? tree.map(plain) : tree;
}

describe('JsonReader', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.constantFrom(undefined, 1, '\t'),
        (value, space) => {
          const text = JSON.stringify(value, undefined, space);
          expect(parse(encode(text))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('accepts no text that JSON.parse refuses', () => {
    const letters = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"',
      '1',
      '-',
      '.',
      'e',
      'true',
      'nul',
      ' ',
      '\\u00e9',
      '\\',
      '\u0000',
      '0',
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(acceptedHere(text) && !acceptedBy(() => JSON.parse(text))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":1,"a":2}', '7: the key "a" is given twice'],
    ['{"a":1,}', '7: " is due'],
    ['[1 2]', '3: , is due'],
    ['[01]', '1: a number is malformed'],
    ['[1', '2: the JSON text ends too early'],
    ['"\\q"', '1: an escape sequence is unknown'],
    ['"\\ud800"', '1: a string holds half of a surrogate pair'],
    ['nil', '0: no JSON value begins here'],
    ['[] []', '3: something follows the end of the document'],
    ['['.repeat(300), '257: values are nested deeper than 256 levels'],
  ])('refuses %s with the offset', (text, message) => {
    expect(() => parse(encode(text))).toThrow(message);
  });

  it('refuses invalid UTF-8', () => {
    expect(() => parse(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow('1: a string is not valid UTF-8');
  });
});

describe('a JSON file', () => {
  it.each([
    ['{"b": [1], "a": null}', { root: 'object', memberCount: 2, keys: ['b', 'a'], complete: true }],
    [' [1, 2]\n', { root: 'array', memberCount: 2, complete: true }],
  ])('is recognised and described: %s', async (text, summary) => {
    expect(await inspect(bytesSource(encode(text)))).toMatchObject({ format: 'json', summary });
  });

  it.each(['12', '"text"', 'true', '{"a":1}\n{"a":2}', '{"a": Nan}', '{"a":', '\uFEFF{}', ''])(
    'is no %j',
    async (text) => {
      expect(await detectFormat(bytesSource(encode(text)))).toMatchObject({ format: 'binary' });
    },
  );

  it.each([
    ['{"a": NaN, "b": -Infinity, "c": [Infinity]}', 'it holds NaN'],
    ['{"a": 1, "a": 2}', 'the key "a" is given twice'],
    ['{"a": "\\ud800"}', 'half of a surrogate pair'],
  ])('may be what only Python reads, and says so: %s', async (text, liberty) => {
    const { format, summary, warnings } = await inspect(bytesSource(encode(text)));
    expect({ format, complete: summary['complete'] }).toEqual({ format: 'json', complete: true });
    expect(warnings?.[0]).toMatchObject({ code: 'json-not-strict' });
    expect(warnings?.[0]?.message).toContain(liberty);
  });

  it('may be nested deeper than is followed', async () => {
    const text = `${'['.repeat(400)}${']'.repeat(400)}`;
    expect(await inspect(bytesSource(encode(text)))).toMatchObject({
      format: 'json',
      summary: { complete: false },
      warnings: [{ code: 'detail-limited' }],
    });
  });

  it('that is broken is binary, and where is told', async () => {
    const { evidence } = await detectFormat(bytesSource(encode('{"a": tru}')));
    expect(evidence[0]).toContain('at byte 6');
  });

  it('that is large is checked at its beginning, and says so', async () => {
    const bytes = encode(`[${'"é",'.repeat(1_200_000)}`);
    const source = countingSource({ sizeBytes: 2 ** 34, parts: new Map([[0, bytes]]) });
    const result = await inspect(source);
    expect(result).toMatchObject({ format: 'json', summary: { complete: false } });
    expect(result.evidence[0]).toContain('the rest was not checked');
    expect(source.bytesRead).toBeLessThan(10_000_000);
  });
});
