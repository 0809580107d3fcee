import type { ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import type { ProtobufCursor, ProtobufField } from '../protobuf/protobuf-cursor.ts';

/** The element types by their number, `DataType` in TensorFlow. */
const elementTypes: readonly string[] = [
  'undefined',
  'float32',
  'float64',
  'int32',
  'uint8',
  'int16',
  'int8',
  'string',
  'complex64',
  'int64',
  'bool',
  'qint8',
  'quint8',
  'qint32',
  'bfloat16',
  'qint16',
  'quint16',
  'uint16',
  'complex128',
  'float16',
  'resource',
  'variant',
  'uint32',
  'uint64',
  'float8_e5m2',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e4m3b11fnuz',
  'float8_e5m2fnuz',
  'int4',
  'uint4',
  'int2',
  'uint2',
];
const maximumRank = 1024;

/** Reads one named tensor of a signature: a map entry of a key and a `TensorInfo`. */
export async function readSignatureTensor(cursor: ProtobufCursor, entry: ProtobufField): Promise<ModelValue> {
  let name = '';
  let elementType = 'undefined';
  let shape: (number | null)[] | undefined;
  await cursor.fields(entry, async (part) => {
    if (part.number === 1) name = await cursor.text(part);
    if (part.number !== 2) return;
    await cursor.fields(part, async (field) => {
      if (field.number === 2) elementType = elementTypes[field.value] ?? `type_${field.value}`;
      if (field.number === 3) shape = await readShape(cursor, field);
    });
  });
  return {
    name,
    kind: 'tensor',
    type: `tensor(${elementType})`,
    elementType,
    ...(shape === undefined ? {} : { shape }),
  };
}

async function readShape(
  cursor: ProtobufCursor,
  message: ProtobufField,
): Promise<(number | null)[] | undefined> {
  const extents: (number | null)[] = [];
  let isRankOpen = false;
  await cursor.fields(message, async (field) => {
    if (field.number === 3) isRankOpen = field.value !== 0;
    if (field.number !== 2) return;
    let extent = 0;
    await cursor.fields(field, (part) => {
      if (part.number === 1) extent = part.value;
    });
    if (extents.length === maximumRank)
      throw new DetailLimit({
        reason: `a shape has more than ${maximumRank} dimensions`,
        format: 'tensorflow_savedmodel',
      });
    extents.push(extent < 0 ? null : extent);
  });
  return isRankOpen ? undefined : extents;
}
