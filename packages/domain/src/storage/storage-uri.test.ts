import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelStorageInfo, type ModelStorageInfoFields } from './model-storage-info.ts';
import { whyNotObjectKey } from './object-key.ts';
import { SerializationFormat } from './serialization-format.ts';
import { StorageBackend } from './storage-backend.ts';
import { StorageUriSchemes } from './storage-uri-schemes.ts';
import { parseStorageUri, printStorageUri } from './storage-uri.ts';

const schemes = StorageUriSchemes.standard.with('x-acme-tape', 'tape').with('x-odd', 'a+b.c-d');
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }),
);
const path = fc
  .array(text, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  .filter((key) => whyNotObjectKey(key) === undefined);

const info = fc
  .record(
    {
      storageBackend: fc.constantFrom<StorageBackend[]>(
        ...Object.values(StorageBackend),
        'x-acme-tape',
        'x-odd',
        'x-unregistered',
      ),
      storagePath: path,
      format: fc.constantFrom(...Object.values(SerializationFormat), 'x-acme-weights' as const),
      sizeBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      checksum: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`),
      storeName: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
      contentType: text,
      version: text,
      compression: text,
      encryptionKeyId: text,
      metadataPath: path,
    },
    { requiredKeys: ['storageBackend', 'storagePath', 'format', 'sizeBytes', 'checksum'] },
  )
  .map((fields: ModelStorageInfoFields) => ModelStorageInfo.of(fields));

const sample = ModelStorageInfo.awsS3({
  storagePath: 'models/a b.onnx',
  format: 'onnx',
  sizeBytes: 12,
  checksum: `sha256:${'ab'.repeat(32)}`,
  storeName: 'lake',
});
const query = `format=onnx&sizeBytes=12&checksum=sha256:${'ab'.repeat(32)}`;

describe('storage URIs', () => {
  test('give back what they were printed from, for every backend', () => {
    fc.assert(
      fc.property(info, (one) => {
        const uri = printStorageUri(one, schemes);
        expect(parseStorageUri(uri, { schemes })).toEqual(one);
        expect(parseStorageUri(uri, { schemes, backend: one.storageBackend }).equals(one)).toBe(true);
        expect(uri).toMatch(/^[\x21-\x7E]+$/);
      }),
      { numRuns: 500 },
    );
  });

  test('are printed in one form', () => {
    expect(printStorageUri(sample)).toBe(`s3://lake/models/a%20b.onnx?${query}`);
    expect(printStorageUri(sample.with({ storageBackend: 'x-acme-tape' }))).toMatch(
      /^x-acme-tape:\/\/lake\//,
    );
    expect(printStorageUri(sample.with({ version: 'a&b=c' }))).toMatch(/&version=a%26b%3Dc$/);
  });

  test.each([
    ['', 'uri'],
    ['s3://lake/a', 'uri'],
    [`s3:/lake/a?${query}`, 'uri'],
    [`S3://lake/a?${query}`, 'uri'],
    [`s3://lake/a?${query}#part`, 'uri'],
    [`s3://lake/a?${query}&format=onnx`, 'uri'],
    [`s3://lake/a?${query}&colour=red`, 'uri'],
    [`s3://lake/a?${query}&`, 'uri'],
    [`s3://lake/a?${query}&__proto__=x`, 'uri'],
    [`nowhere://lake/a?${query}`, 'scheme'],
    [`s3://lake/?${query}`, 'storagePath'],
    [`s3://lake/../a?${query}`, 'storagePath'],
    [`s3://lake/%2e%2e/a?${query}`, 'storagePath'],
    [`s3://lake/%ZZ?${query}`, 'storagePath'],
    [`s3://user:secret@lake/a?${query}`, 'storeName'],
    [`s3://lake:9000/a?${query}`, 'storeName'],
    [`s3://lake/a?${query.replace('onnx', 'exe')}`, 'format'],
    [`s3://lake/a?${query.replace('format=onnx&', '')}`, 'format'],
    [`s3://lake/a?${query.replace('sizeBytes=12&', '')}`, 'sizeBytes'],
    [`s3://lake/a?${query.replace('=12', '=-1')}`, 'sizeBytes'],
    [`s3://lake/a?${query.replace('=12', '=1e3')}`, 'sizeBytes'],
    [`s3://lake/a?${query.replace('=12', '=')}`, 'sizeBytes'],
    [`s3://lake/a?${query.replace('=12', '=99999999999999999999')}`, 'sizeBytes'],
    [`s3://lake/a?${query.replace('sha256:', '')}`, 'checksum'],
    [`s3://lake/a?${query}&version=%`, 'version'],
    [`s3://lake/a?${query}&metadataPath=..`, 'metadataPath'],
  ])('refuse %j, naming the part', (uri, field) => {
    expect(() => parseStorageUri(uri)).toThrow(expect.objectContaining({ name: 'InvalidValueError', field }));
  });

  test('may hide a slash in a segment only as a slash', () => {
    expect(parseStorageUri(`s3://lake/a%2Fb?${query}`).storagePath).toBe('a/b');
  });

  test('belong to the backend that is asked for', () => {
    const uri = printStorageUri(sample);
    expect(parseStorageUri(uri, { backend: 'aws_s3' })).toEqual(sample);
    expect(() => parseStorageUri(uri, { backend: 'azure_blob' })).toThrow(
      expect.objectContaining({
        field: 'scheme',
        value: 's3',
        hint: expect.stringContaining('az:') as string,
      }),
    );
  });
});

describe('StorageUriSchemes', () => {
  test('name every backend of Holdfast, each by one scheme', () => {
    const printed = Object.values(StorageBackend).map((backend) =>
      StorageUriSchemes.standard.schemeOf(backend),
    );
    expect(printed).toEqual(['file', 's3', 'az', 'gs', 'mlflow-artifacts', 'hf', 'db', 'redis', 'memory']);
    for (const backend of Object.values(StorageBackend)) {
      expect(StorageUriSchemes.standard.backendOf(StorageUriSchemes.standard.schemeOf(backend))).toBe(
        backend,
      );
    }
  });

  test('let a foreign backend be its own scheme until it has another', () => {
    expect(StorageUriSchemes.standard.schemeOf('x-acme-tape')).toBe('x-acme-tape');
    expect(StorageUriSchemes.standard.backendOf('x-acme-tape')).toBe('x-acme-tape');
    expect(schemes.schemeOf('x-acme-tape')).toBe('tape');
    expect(schemes.backendOf('tape')).toBe('x-acme-tape');
    expect(schemes.backendOf('x-acme-tape')).toBeUndefined();
    expect(StorageUriSchemes.standard.backendOf('tape')).toBeUndefined();
  });

  test.each([
    ['x-acme-disk', 's3'],
    ['x-acme-disk', 'tape'],
    ['x-acme-disk', 'x-somebody-else'],
    ['x-acme-tape', 'other'],
    ['aws_s3', 'amazon'],
    ['x-acme-disk', ''],
    ['x-acme-disk', 'Disk'],
    ['x-acme-disk', '1disk'],
    ['x-acme-disk', 'di sk'],
    ['x-acme-disk', 'disk:'],
  ] as const)('refuse %s as %j', (backend, scheme) => {
    expect(() => schemes.with(backend, scheme)).toThrow(expect.objectContaining({ field: 'scheme' }));
  });

  test('refuse what is no backend', () => {
    expect(() => schemes.with('tape' as StorageBackend, 'disk')).toThrow(
      expect.objectContaining({ field: 'storageBackend' }),
    );
  });
});
