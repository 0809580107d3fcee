import { describe, expect, test } from 'vitest';
import {
  SerializationFormat,
  directoryFormats,
  isSerializationFormat,
  parseSerializationFormat,
  pickleFamily,
} from './serialization-format.ts';
import { StorageBackend, isStorageBackend, parseStorageBackend } from './storage-backend.ts';

const foreign = ['x-acme', 'x-acme-tape', 'x-2', 'x-a1-b2'];
const malformed = [
  '',
  'x-',
  'x--a',
  'x-a-',
  'X-acme',
  'x-Acme',
  'x_acme',
  'acme',
  'x-a b',
  'x-a\n',
  'aws_s3 ',
  'AWS_S3',
];

describe.each([
  {
    what: 'backend',
    known: Object.values(StorageBackend),
    is: isStorageBackend,
    parse: parseStorageBackend,
    field: 'storageBackend',
  },
  {
    what: 'format',
    known: Object.values(SerializationFormat),
    is: isSerializationFormat,
    parse: parseSerializationFormat,
    field: 'format',
  },
])('the name of a $what', ({ known, is, parse, field }) => {
  test.each([...known, ...foreign])('can be %s', (name) => {
    expect(is(name)).toBe(true);
    expect(parse(name)).toBe(name);
  });

  test.each(malformed)('cannot be %j', (name) => {
    expect(is(name)).toBe(false);
    expect(() => parse(name)).toThrow(
      expect.objectContaining({ name: 'InvalidValueError', field, value: name }),
    );
    expect(() => parse(name, 'other')).toThrow(expect.objectContaining({ field: 'other' }));
  });

  test('is explained by all that are known', () => {
    expect(() => parse('nonsense')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(known.join(', ')) as string }),
    );
  });
});

describe('families of formats', () => {
  test('name known formats, and have none in common', () => {
    for (const format of [...pickleFamily, ...directoryFormats])
      expect(Object.values(SerializationFormat)).toContain(format);
    expect([...pickleFamily].filter((format) => directoryFormats.has(format))).toEqual([]);
  });
});
