import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { ProtobufCursor, type ProtobufFailure, type ProtobufField } from './protobuf-cursor.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

class Failure extends Error {
  readonly failure: ProtobufFailure;

  constructor(failure: ProtobufFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

function cursorOf(bytes: Uint8Array): ProtobufCursor {
  return new ProtobufCursor(new BoundedReader(bytesSource(bytes)), (failure) => new Failure(failure));
}

async function fieldsOf(bytes: Uint8Array): Promise<ProtobufField[]> {
  const fields: ProtobufField[] = [];
  await cursorOf(bytes).fields({ start: 0, end: bytes.length }, (field) => void fields.push(field));
  return fields;
}

describe('protobuf', () => {
  it('reads the whole numbers that it writes, negative ones too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 0x1fff_ffff }),
        fc.maxSafeInteger(),
        async (number, value) => {
          const [field] = await fieldsOf(new ProtobufWriter().integer(number, value).finish());
          expect(field).toMatchObject({ number, wireType: 0, value });
        },
      ),
    );
  });

  it('reads texts, bytes and packed numbers, also across the edge of its window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(5000),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.maxSafeInteger()),
        async (gap, text, numbers) => {
          const bytes = new ProtobufWriter()
            .bytes(1, new Uint8Array(gap))
            .text(2, text)
            .packedIntegers(3, numbers)
            .finish();
          const cursor = cursorOf(bytes);
          const found: unknown[] = [];
          await cursor.fields({ start: 0, end: bytes.length }, async (field) => {
            if (field.number === 1) found.push((await cursor.bytes(field, gap)).length);
            if (field.number === 2) found.push(await cursor.text(field));
            if (field.number === 3) found.push(await cursor.integers(field, numbers.length));
          });
          expect(found).toEqual(numbers.length === 0 ? [gap, text] : [gap, text, numbers]);
        },
      ),
    );
  });

  it.each<[string, number[], Partial<ProtobufFailure>]>([
    ['a length past the end', [0x0a, 5, 1], { offset: 3, overrun: true, field: { number: 1, start: 2 } }],
    ['a number that does not end', [0x08, 0x80], { offset: 2, overrun: true }],
    [
      'a number of more than 64 bits',
      [0x08, ...Array.from({ length: 11 }, () => 0xff)],
      { offset: 1, overrun: false },
    ],
    ['the field number 0', [0x00, 0x00], { offset: 0, overrun: false }],
    ['a negative length', [0x0a, ...Array.from({ length: 9 }, () => 0xff), 1], { offset: 1, overrun: false }],
    ['a fixed value past the end', [0x0d, 1, 2, 3], { offset: 4, overrun: true }],
    ['a wire type that does not exist', [0x0e, 0x00], { offset: 1, overrun: false }],
  ])('refuses %s', async (_, bytes, failure) => {
    await expect(fieldsOf(Uint8Array.from(bytes))).rejects.toMatchObject({ failure });
  });

  it('stops at a group, which is right and is not read', async () => {
    await expect(fieldsOf(Uint8Array.from([0x0b, 0x0c]))).rejects.toMatchObject({ name: 'DetailLimit' });
  });
});
