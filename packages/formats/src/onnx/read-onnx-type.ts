import type { ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import type { ProtobufCursor, ProtobufField } from '../protobuf/protobuf-cursor.ts';
import { onnxElementTypes } from './onnx-element-type.ts';

/** The type of a value, without its name. */
export type OnnxType = Omit<ModelValue, 'name'>;

const maximumTypeDepth = 32;
const maximumRank = 65_536;

/** Reads a `TypeProto`: a tensor, sparse tensor, sequence, map, optional or opaque type. */
export async function readOnnxType(
  cursor: ProtobufCursor,
  message: ProtobufField,
  depth = 0,
): Promise<OnnxType> {
  if (depth > maximumTypeDepth)
    throw new DetailLimit({ reason: `types are nested deeper than ${maximumTypeDepth} levels` });
  let type: OnnxType = { kind: 'unknown', type: 'unknown' };
  await cursor.fields(message, async (field) => {
    if (field.number === 1) type = await readTensorType(cursor, field, 'tensor');
    if (field.number === 8) type = await readTensorType(cursor, field, 'sparse_tensor');
    if (field.number === 4) type = await readContainerType(cursor, field, { kind: 'sequence', depth });
    if (field.number === 9) type = await readContainerType(cursor, field, { kind: 'optional', depth });
    if (field.number === 5) type = await readMapType(cursor, field, depth);
    if (field.number === 7) type = { kind: 'opaque', type: 'opaque' };
  });
  return type;
}

async function readTensorType(
  cursor: ProtobufCursor,
  message: ProtobufField,
  kind: string,
): Promise<OnnxType> {
  let elementType = 'undefined';
  let shape: (number | string | null)[] | undefined;
  await cursor.fields(message, async (field) => {
    if (field.number === 1) elementType = elementTypeName(field.value);
    if (field.number === 2) shape = await readShape(cursor, field);
  });
  return { kind, type: `${kind}(${elementType})`, elementType, ...(shape === undefined ? {} : { shape }) };
}

async function readShape(
  cursor: ProtobufCursor,
  message: ProtobufField,
): Promise<(number | string | null)[]> {
  const shape: (number | string | null)[] = [];
  await cursor.fields(message, async (field) => {
    if (field.number !== 1) return;
    if (shape.length === maximumRank)
      throw new DetailLimit({ reason: `a shape has more than ${maximumRank} dimensions` });
    shape.push(await readDimension(cursor, field));
  });
  return shape;
}

async function readDimension(
  cursor: ProtobufCursor,
  message: ProtobufField,
): Promise<number | string | null> {
  let extent: number | string | null = null;
  await cursor.fields(message, async (field) => {
    if (field.number === 1) extent = field.value;
    if (field.number === 2) extent = await cursor.text(field);
  });
  return extent;
}

async function readContainerType(
  cursor: ProtobufCursor,
  message: ProtobufField,
  container: { readonly kind: string; readonly depth: number },
): Promise<OnnxType> {
  let element = 'unknown';
  await cursor.fields(message, async (field) => {
    if (field.number === 1) element = (await readOnnxType(cursor, field, container.depth + 1)).type;
  });
  return { kind: container.kind, type: `${container.kind}(${element})` };
}

async function readMapType(cursor: ProtobufCursor, message: ProtobufField, depth: number): Promise<OnnxType> {
  let key = 'undefined';
  let value = 'unknown';
  await cursor.fields(message, async (field) => {
    if (field.number === 1) key = elementTypeName(field.value);
    if (field.number === 2) value = (await readOnnxType(cursor, field, depth + 1)).type;
  });
  return { kind: 'map', type: `map(${key}, ${value})` };
}

function elementTypeName(number: number): string {
  return onnxElementTypes.get(number)?.elementType ?? (number === 0 ? 'undefined' : `type_${number}`);
}
