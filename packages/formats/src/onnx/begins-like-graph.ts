import { ProtobufCursor, type ProtobufField, WireType } from '../protobuf/protobuf-cursor.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';

/** Fields of `GraphProto`; all are length-delimited. */
const graphFields: ReadonlySet<number> = new Set([1, 2, 5, 10, 11, 12, 13, 14, 15, 16]);
/** Fields of `NodeProto`; all are length-delimited. */
const nodeFields: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const nodeFieldOfGraph = 1;
const fieldsLookedAt = 64;

class Mismatch extends Error {
  readonly isOverrun: boolean;

  constructor(isOverrun: boolean) {
    super('not a graph');
    this.isOverrun = isOverrun;
  }
}

/**
 * Counts the signs that the beginning of some bytes is an ONNX graph: fields that a graph or its
 * first nodes have. 0 when anything there contradicts; where the bytes break off, what was counted so far.
 */
export async function beginsLikeGraph(
  reader: BoundedReader,
  extent: { readonly start: number; readonly end: number },
): Promise<number> {
  const cursor = new ProtobufCursor(reader, (failure) => new Mismatch(failure.overrun));
  const nodes: ProtobufField[] = [];
  let signs = 0;
  const count = (known: ReadonlySet<number>, field: ProtobufField): void => {
    if (!known.has(field.number)) return;
    if (field.wireType !== WireType.Bytes) throw new Mismatch(false);
    signs += 1;
  };
  try {
    await cursor.fields(extent, (field) => {
      count(graphFields, field);
      if (field.number === nodeFieldOfGraph && nodes.length < 4) nodes.push(field);
      return signs < fieldsLookedAt;
    });
    for (const node of nodes) await cursor.fields(node, (field) => count(nodeFields, field));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return error.isOverrun ? signs + 1 : 0;
  }
  return signs;
}
