import { DetailLimit } from '../detail-limit.ts';
import { type ProtobufCursor, type ProtobufField, WireType } from '../protobuf/protobuf-cursor.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { ExternalData, TensorDescription } from '../tensor/tensor-description.ts';
import { escapesFolder } from './escapes-folder.ts';
import { onnxElementTypes } from './onnx-element-type.ts';

const maximumRank = 65_536;
const externalDataLocation = 1;

/**
 * Reads a `TensorProto` without its data, and checks that raw data is as long as the shape needs.
 * Where `data_location` is external, raw data counts for nothing, as in the `onnx` package: older
 * writers left a marker in it.
 */
export async function readOnnxTensor(
  cursor: ProtobufCursor,
  message: ProtobufField,
): Promise<TensorDescription> {
  let name = '';
  let dataType = 0;
  const data: { raw?: ProtobufField } = {};
  let isExternal = false;
  const shape: number[] = [];
  const external = new Map<string, string>();
  await cursor.fields(message, (field) => {
    if (field.number === 1) return appendDimensions(cursor, field, shape);
    if (field.number === 2) dataType = field.value;
    if (field.number === 8) return cursor.text(field).then((text) => void (name = text));
    if (field.number === 9 && field.wireType === WireType.Bytes) data.raw = field;
    if (field.number === 13)
      return readPair(cursor, field).then(([key, value]) => void external.set(key, value));
    if (field.number === 14) isExternal = field.value === externalDataLocation;
    return undefined;
  });
  const type = onnxElementTypes.get(dataType);
  const ownData = isExternal ? undefined : data.raw;
  checkRawData(cursor, { message, name, shape, rawData: ownData, bitsPerElement: type?.bitsPerElement });
  return {
    name,
    dtype: type?.dtype ?? (dataType === 0 ? 'UNDEFINED' : `TYPE_${dataType}`),
    ...(type === undefined ? {} : { elementType: type.elementType }),
    shape,
    ...(ownData === undefined ? {} : { byteRange: { start: ownData.start, end: ownData.end } }),
    ...(isExternal ? { externalData: describeExternal(external) } : {}),
  };
}

/** Reads a `StringStringEntryProto`. */
export async function readPair(
  cursor: ProtobufCursor,
  message: ProtobufField,
  limitBytes = 65_536,
): Promise<readonly [string, string]> {
  let key = '';
  let value = '';
  await cursor.fields(message, async (field) => {
    if (field.number === 1) key = await cursor.text(field);
    if (field.number === 2) value = await cursor.text(field, limitBytes);
  });
  return [key, value];
}

async function appendDimensions(
  cursor: ProtobufCursor,
  field: ProtobufField,
  shape: number[],
): Promise<void> {
  for (const extent of await cursor.integers(field, maximumRank)) shape.push(extent);
  if (shape.length > maximumRank)
    throw new DetailLimit({ reason: `a tensor has more than ${maximumRank} dimensions` });
}

interface RawData {
  readonly message: ProtobufField;
  readonly name: string;
  readonly shape: readonly number[];
  readonly rawData: ProtobufField | undefined;
  readonly bitsPerElement: number | undefined;
}

function checkRawData(cursor: ProtobufCursor, tensor: RawData): void {
  const { name, rawData, bitsPerElement } = tensor;
  const label = JSON.stringify(name.slice(0, 80));
  const count = shapeElementCount(tensor.shape);
  if (count === undefined)
    return cursor.fail(`the shape of tensor ${label} is impossible`, tensor.message.tagOffset);
  if (rawData === undefined || !bitsPerElement) return;
  const needed = Math.ceil((count * bitsPerElement) / 8);
  const held = rawData.end - rawData.start;
  if (needed !== held)
    cursor.fail(`tensor ${label} needs ${needed} bytes and has ${held}`, rawData.tagOffset);
}

function describeExternal(entries: ReadonlyMap<string, string>): ExternalData {
  const location = entries.get('location') ?? '';
  const offset = wholeNumber(entries.get('offset'));
  const lengthBytes = wholeNumber(entries.get('length'));
  return {
    location,
    escapes: escapesFolder(location),
    ...(offset === undefined ? {} : { offset }),
    ...(lengthBytes === undefined ? {} : { lengthBytes }),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
