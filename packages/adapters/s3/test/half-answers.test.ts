import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import type { S3StorageAdapter } from '@holdfast/adapter-s3';
import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import type { CannedAnswer } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { adapterOf, answeringS3, xml } from './answering-s3.ts';

const key = parseObjectKey('model');
const bytes = Buffer.from('weights');
const md5 = createHash('md5').update(bytes).digest('hex');
const server = answeringS3();

function entry(name: string, etag = `<ETag>"${md5}"</ETag>`, size = '<Size>7</Size>'): string {
  return `<Contents><Key>${name}</Key><LastModified>2026-01-01T00:00:00Z</LastModified>${etag}${size}</Contents>`;
}

function listing(entries: string, fields = '<IsTruncated>false</IsTruncated>'): CannedAnswer {
  return xml(`<ListBucketResult><Name>models</Name><Prefix></Prefix>${fields}${entries}</ListBucketResult>`);
}

async function listAll(adapter: S3StorageAdapter, options = {}): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of adapter.list(options)) keys.push(...page.objects.map((object) => object.key));
  return keys;
}

describe('a listing is an error, not the whole store, where it', () => {
  const truncated = '<IsTruncated>true</IsTruncated>';
  const goesOn = `${truncated}<NextContinuationToken>t</NextContinuationToken>`;
  test.each([
    ['is truncated and has no token', listing(entry('a'), truncated), /listing is incomplete/],
    [
      'is truncated and has an empty token',
      listing(entry('a'), `${truncated}<NextContinuationToken/>`),
      /listing is incomplete/,
    ],
    ['does not say whether it goes on', listing(entry('a'), ''), /whether the listing goes on/],
    ['leads back to the same page', listing('', goesOn), /the same page again/],
    [
      'announces more entries than it has',
      listing(entry('a'), '<KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>'),
      /announces 2 entries and has 1/,
    ],
    ['is out of order', listing(entry('b') + entry('a')), /out of order/],
    ['has an entry without a key', listing('<Contents><Size>1</Size></Contents>'), /no key/],
    ['has an entry without an etag', listing(entry('a', '')), /no etag/],
    ['has an entry with an empty etag', listing(entry('a', '<ETag>""</ETag>')), /no etag/],
    ['has an entry without a size', listing(entry('a', undefined, '')), /no length/],
    ['has an entry of a negative size', listing(entry('a', undefined, '<Size>-1</Size>')), /-1 bytes/],
    ['has a folder without a name', listing('<CommonPrefixes></CommonPrefixes>'), /no name of a folder/],
    ['is cut', { ...listing(entry('a')), cutAfterBytes: 120 }, /connection broke/],
  ] as readonly (readonly [string, CannedAnswer, RegExp])[])('%s', async (_how, answer, message) => {
    server.answer = () => answer;
    await using adapter = adapterOf();
    const error = await failureOf(listAll(adapter, { delimiter: '/' }));
    expect(error.message, inspect(error)).toMatch(message);
  });

  test('gives the same entries again', async () => {
    let pages = 0;
    server.answer = () => listing(entry('a'), goesOn.replace('>t<', `>${++pages}<`));
    await using adapter = adapterOf();
    const error = await failureOf(listAll(adapter));
    expect(error.message).toContain('out of order: "a" comes after "a"');
  });

  test.each([
    ['is of another prefix', { prefix: 'b' }],
    ['begins before its start', { startAfter: 'c' }],
  ])('%s', async (_how, options) => {
    server.answer = () => listing(entry('a'));
    await using adapter = adapterOf();
    expect(await failureOf(listAll(adapter, options))).toMatchObject({
      code: 'unexpected',
      message: expect.stringContaining('was not asked for') as string,
    });
  });

  test('is whole where it says so', async () => {
    server.answer = () =>
      listing(entry('a') + entry('b'), '<KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>');
    await using adapter = adapterOf();
    expect(await listAll(adapter)).toEqual(['a', 'b']);
  });
});

describe('an object is an error where its answer', () => {
  const headers = {
    etag: `"${md5}"`,
    'content-length': '7',
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  };
  const { etag: _etag, ...withoutEtag } = headers;
  const object = (changes: Readonly<Record<string, string>>, status = 206): CannedAnswer => ({
    status,
    headers: { ...headers, 'content-range': 'bytes 0-6/7', ...changes },
    body: bytes,
  });
  const part = { range: { offset: 2, length: 3 } };
  test.each([
    ['has no etag', { status: 200, headers: withoutEtag, body: bytes }, {}, /no etag/],
    ['has an empty etag', object({ etag: '""' }), {}, /no etag/],
    ['has an etag that is none', object({ etag: '"*"' }), {}, /the etag "\*"/],
    [
      'has no length',
      { status: 200, headers: { etag: headers.etag, 'transfer-encoding': 'chunked' }, body: bytes },
      {},
      /no length/,
    ],
    [
      'has a range beyond its size',
      object({ 'content-range': 'bytes 0-6/5' }),
      {},
      /bytes 0 to 7 of an object of 5/,
    ],
    [
      'has a range that ends before it begins',
      object({ 'content-range': 'bytes 5-3/7', 'content-length': '0' }),
      {},
      /readable range|length that fits|bytes 5 to 4/,
    ],
    ['has a range that is none', object({ 'content-range': 'bytes */7' }), {}, /readable range/],
    [
      'is another range',
      object({ 'content-range': 'bytes 0-6/20' }),
      { range: { offset: 9, length: 3 } },
      /where 9 to 12 were asked for/,
    ],
    [
      'is the end of what was asked for',
      object({ 'content-range': 'bytes 3-9/20' }),
      part,
      /where 2 to 5 were asked for/,
    ],
  ] as readonly (readonly [string, CannedAnswer, object, RegExp])[])('%s', async (...row) => {
    const [, answer, options, message] = row;
    server.answer = () => answer;
    await using adapter = adapterOf();
    const error = await failureOf(readAll(adapter, options));
    expect(error.message, inspect(error)).toMatch(message);
  });

  test('is of another state or version than was asked for', async () => {
    server.answer = () => object({});
    await using adapter = adapterOf({ versions: true });
    const other = 'd41d8cd98f00b204e9800998ecf8427e';
    expect(await failureOf(readAll(adapter, { ifMatch: other }))).toMatchObject({
      code: 'precondition-failed',
    });
    expect(await failureOf(readAll(adapter, { ifNoneMatch: md5 }))).toMatchObject({ code: 'not-modified' });
    const works = [() => readAll(adapter, { version: 'v1' }), () => adapter.head(key, { version: 'v1' })];
    for (const work of works)
      expect(await failureOf(work())).toMatchObject({
        code: 'unexpected',
        message: expect.stringContaining('version v1 was asked for') as string,
      });
  });

  test('is whole where it is longer than was asked for', async () => {
    server.answer = () => object({}, 206);
    await using adapter = adapterOf();
    expect(await readAll(adapter, part)).toBe('igh');
    server.answer = () => object({ etag: `W/"${md5}"` });
    expect(await readAll(adapter, {})).toBe('weights');
  });
});

async function readAll(adapter: S3StorageAdapter, options: object): Promise<string> {
  const chunks: Buffer[] = [];
  const reader = await adapter.get(key, options);
  for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
