import { InvalidValueError } from '@holdfast/domain';
import { messageTypes } from '../read-object-header.ts';
import { ByteWriter } from './byte-writer.ts';
import { sizeOfType } from './encode-datatype.ts';
import { encodeElements } from './encode-elements.ts';
import type { NewAttributes, NewHdf5Dataset, NewHdf5Storage } from './new-hdf5.ts';

/** A message of an object header. */
export interface NewMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

const mostMessageBytes = 65_528;

/** Frames messages as an object header of version 1. */
export function encodeObjectHeader(messages: readonly NewMessage[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { type, body } of messages) {
    const sizeBytes = body.length + (-body.length & 7);
    writer.uint(2, type, sizeBytes).zeros(4).bytes(body).align();
  }
  const content = writer.finish();
  return new ByteWriter()
    .uint(1, 1, 0)
    .uint(2, messages.length)
    .uint(4, 1, content.length, 0)
    .bytes(content)
    .finish();
}

/** The messages of a dataset, without its attributes. */
export function datasetMessages(dataset: NewHdf5Dataset, indexAddress: number | undefined): NewMessage[] {
  const { type, shape, maxShape, storage } = dataset;
  const isChunked = storage.kind === 'chunked';
  const fill = new ByteWriter().uint(1, 2, isChunked ? 3 : 2, 2, 1).uint(4, 0);
  const messages = [
    { type: messageTypes.dataspace, body: encodeDataspace(shape, maxShape) },
    { type: messageTypes.datatype, body: type },
    { type: messageTypes.fill, body: fill.finish() },
    { type: messageTypes.layout, body: layout(storage, { indexAddress, itemBytes: sizeOfType(type) }) },
  ];
  const filters = isChunked ? pipeline(storage, sizeOfType(type)) : undefined;
  return filters === undefined ? messages : [...messages, { type: messageTypes.filters, body: filters }];
}

/**
 * The messages of attributes.
 *
 * @param heap Where what their texts point to will be stored, and what stores it.
 * @throws InvalidValueError for an attribute of more than 64 KiB, of a kind that has no form, or that is not a whole value.
 */
export function attributeMessages(
  attributes: NewAttributes,
  heap: { readonly next: () => number; readonly store: (bytes: Uint8Array) => void },
): NewMessage[] {
  return [...attributes].map(([name, value]) => {
    const field = `attributes.${name}`;
    if (name === '' || name.includes('\0'))
      throw new InvalidValueError({ field, value: name, reason: 'cannot be the name of an attribute' });
    const { type, shape, bytes, heap: pointedTo } = encodeElements(value, heap.next(), field);
    heap.store(pointedTo);
    const space = encodeDataspace(shape);
    const nameBytes = new TextEncoder().encode(`${name}\0`);
    const writer = new ByteWriter().uint(1, 1, 0).uint(2, nameBytes.length, type.length, space.length);
    const body = writer
      .bytes(nameBytes)
      .align()
      .bytes(type)
      .align()
      .bytes(space)
      .align()
      .bytes(bytes)
      .finish();
    if (body.length > mostMessageBytes)
      throw new InvalidValueError({
        field,
        value: `${body.length} bytes`,
        reason: 'must be at most 64 KiB, name and type included: store it as a dataset',
      });
    return { type: messageTypes.attribute, body };
  });
}

function encodeDataspace(shape: readonly number[], maxShape?: readonly number[]): Uint8Array {
  const writer = new ByteWriter().uint(1, 1, shape.length, maxShape === undefined ? 0 : 1).zeros(5);
  writer.uint(8, ...shape);
  for (const extent of maxShape ?? []) {
    if (extent === Number.POSITIVE_INFINITY) writer.undefinedAddress();
    else writer.uint(8, extent);
  }
  return writer.finish();
}

function layout(
  storage: NewHdf5Storage,
  { indexAddress, itemBytes }: { readonly indexAddress: number | undefined; readonly itemBytes: number },
): Uint8Array {
  const writer = new ByteWriter().uint(1, 3);
  if (storage.kind === 'contiguous') {
    writer.uint(1, 1);
    if (storage.sizeBytes === 0) writer.undefinedAddress();
    else writer.uint(8, storage.address);
    return writer.uint(8, storage.sizeBytes).finish();
  }
  writer.uint(1, 2, storage.chunk.length + 1);
  if (indexAddress === undefined) writer.undefinedAddress();
  else writer.uint(8, indexAddress);
  return writer.uint(4, ...storage.chunk, itemBytes).finish();
}

function pipeline(
  { filters: { shuffle = false, gzip } }: Extract<NewHdf5Storage, { kind: 'chunked' }>,
  itemBytes: number,
): Uint8Array | undefined {
  const steps: (readonly [id: number, parameter: number])[] = [];
  if (shuffle) steps.push([2, itemBytes]);
  if (gzip !== undefined) steps.push([1, gzip]);
  if (steps.length === 0) return undefined;
  const writer = new ByteWriter().uint(1, 1, steps.length).zeros(6);
  for (const [id, parameter] of steps) writer.uint(2, id, 0, 1, 1).uint(4, parameter, 0);
  return writer.finish();
}
