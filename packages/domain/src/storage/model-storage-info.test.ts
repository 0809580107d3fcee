import { describe, expect, test } from 'vitest';
import { ModelStorageInfo, type ModelStorageInfoFields } from './model-storage-info.ts';
import { StorageBackend } from './storage-backend.ts';

const fields: ModelStorageInfoFields = {
  storageBackend: 'aws_s3',
  storagePath: 'objects/sha256/ab/abcd',
  format: 'onnx',
  sizeBytes: 12,
  checksum: `sha256:${'ab'.repeat(32)}`,
};
const everything: ModelStorageInfoFields = {
  ...fields,
  storeName: 'lake',
  contentType: 'application/octet-stream',
  version: 'v1',
  compression: 'zstd',
  encryptionKeyId: 'key-1',
  metadataPath: 'objects/meta',
};

describe('ModelStorageInfo', () => {
  test('holds what it was given, and cannot be changed', () => {
    const info = ModelStorageInfo.of(everything);
    expect(info.toJSON()).toEqual(everything);
    expect(Object.isFrozen(info)).toBe(true);
    expect(ModelStorageInfo.of(JSON.parse(JSON.stringify(info)) as ModelStorageInfoFields)).toEqual(info);
  });

  test('has no field that was not given', () => {
    expect(Object.keys(ModelStorageInfo.of(fields))).toEqual(Object.keys(fields));
  });

  test.each([
    ['storageBackend', ['', 'tape', 'S3']],
    ['storagePath', ['', '/abs', 'a/../b', 'a//b', '..', 'a\u0000', 'a'.repeat(513)]],
    ['format', ['', 'exe', 'x-']],
    ['sizeBytes', [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1]],
    ['checksum', ['', 'sha256:ab', 'ab'.repeat(32), `md5:${'ab'.repeat(32)}`]],
    ['storeName', ['', '.lake', '-a', 'a/b', 'a b', 'é', 'a'.repeat(64)]],
    ['contentType', ['', '\uD800']],
    ['version', ['', '\uDC00']],
    ['compression', ['']],
    ['encryptionKeyId', ['']],
    ['metadataPath', ['', '../a', 'a/']],
  ] as const)('refuses a wrong %s, naming it', (field, values) => {
    for (const value of values) {
      const make = (): unknown => ModelStorageInfo.of({ ...everything, [field]: value });
      expect(make, `${field} ${value}`).toThrow(
        expect.objectContaining({ name: 'InvalidValueError', field, value }),
      );
      const change = (): unknown => ModelStorageInfo.of(everything).with({ [field]: value });
      expect(change, `${field} ${value}`).toThrow(expect.objectContaining({ field }));
    }
  });

  test.each([0, 1, Number.MAX_SAFE_INTEGER])('takes the size %d', (sizeBytes) => {
    expect(ModelStorageInfo.of({ ...fields, sizeBytes }).sizeBytes).toBe(sizeBytes);
  });

  test('has a factory for every backend', () => {
    const { storageBackend: _any, ...rest } = fields;
    const made = [
      ModelStorageInfo.localFilesystem(rest),
      ModelStorageInfo.awsS3(rest),
      ModelStorageInfo.azureBlob(rest),
      ModelStorageInfo.gcpStorage(rest),
      ModelStorageInfo.mlflow(rest),
      ModelStorageInfo.huggingfaceHub(rest),
      ModelStorageInfo.database(rest),
      ModelStorageInfo.redis(rest),
      ModelStorageInfo.memory(rest),
    ];
    expect(made.map((info) => info.storageBackend)).toEqual(Object.values(StorageBackend));
    for (const info of made) expect(info.with({ storageBackend: 'aws_s3' }).equals(fields)).toBe(true);
  });

  test('is changed only in copies', () => {
    const info = ModelStorageInfo.of(everything);
    const moved = info.with({ storeName: 'mirror', sizeBytes: 13 });
    expect(moved).toMatchObject({ ...everything, storeName: 'mirror', sizeBytes: 13 });
    expect(info.storeName).toBe('lake');
    expect('version' in info.with({ version: undefined } as object)).toBe(false);
  });

  test('equals only what has the same fields', () => {
    const info = ModelStorageInfo.of(everything);
    expect(info.equals({ ...everything })).toBe(true);
    expect(
      info.equals(
        Object.fromEntries(Object.entries(everything).toReversed()) as unknown as ModelStorageInfoFields,
      ),
    ).toBe(true);
    const others: Partial<ModelStorageInfoFields> = {
      storageBackend: 'memory',
      storagePath: 'other',
      format: 'json',
      sizeBytes: 13,
      checksum: `sha256:${'cd'.repeat(32)}`,
      storeName: 'other',
      contentType: 'text/plain',
      version: 'v2',
      compression: 'gzip',
      encryptionKeyId: 'key-2',
      metadataPath: 'other',
    };
    for (const [field, value] of Object.entries(others)) {
      expect(info.equals({ ...everything, [field]: value }), field).toBe(false);
    }
    expect(info.equals(fields)).toBe(false);
  });
});
