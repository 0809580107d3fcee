import {
  ProtobufCursor,
  type ProtobufExtent,
  type ProtobufFailure,
  type ProtobufField,
  WireType,
} from '../protobuf/protobuf-cursor.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';

/** Fields of `GraphProto`; all are length-delimited. */
const graphFields: ReadonlySet<number> = new Set([1, 2, 5, 10, 11, 12, 13, 14, 15, 16]);
/** Fields of `NodeProto`; all are length-delimited. */
const nodeFields: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const nodeFieldOfGraph = 1;
const nodesLookedAt = 4;
const fieldsLookedAt = 64;

class Contradiction extends Error {
  readonly failure: ProtobufFailure | undefined;

  constructor(failure?: ProtobufFailure) {
    super('the fields are not those of a graph');
    this.failure = failure;
  }
}

/**
 * Counts the signs that the beginning of some bytes is an ONNX graph: fields that a graph or its
 * first nodes have, the last one perhaps broken off by the end of the file. 0 where anything contradicts.
 */
export async function beginsLikeGraph(reader: BoundedReader, extent: ProtobufExtent): Promise<number> {
  try {
    const graph = await countFields(reader, extent, graphFields);
    const nodes = graph.filter((field) => field.number === nodeFieldOfGraph).slice(0, nodesLookedAt);
    let signs = graph.length;
    for (const node of nodes) signs += (await countFields(reader, node, nodeFields)).length;
    return signs;
  } catch (error) {
    if (error instanceof Contradiction) return 0;
    throw error;
  }
}

type Sign = ProtobufExtent & Pick<ProtobufField, 'number'>;

async function countFields(
  reader: BoundedReader,
  extent: ProtobufExtent,
  known: ReadonlySet<number>,
): Promise<readonly Sign[]> {
  const fields: Sign[] = [];
  const cursor = new ProtobufCursor(reader, (failure) => new Contradiction(failure));
  try {
    await cursor.fields({ start: extent.start, end: extent.end }, (field) => {
      if (known.has(field.number) && field.wireType !== WireType.Bytes) throw new Contradiction();
      if (known.has(field.number)) fields.push(field);
      return fields.length < fieldsLookedAt;
    });
  } catch (error) {
    const failure = error instanceof Contradiction ? error.failure : undefined;
    if (failure?.overrun !== true) throw error;
    const cut = failure.field;
    if (cut !== undefined && known.has(cut.number)) fields.push({ ...cut, end: reader.sizeBytes });
  }
  return fields;
}
