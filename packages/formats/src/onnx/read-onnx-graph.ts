import type { ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import type { ProtobufCursor, ProtobufField } from '../protobuf/protobuf-cursor.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { readOnnxTensor } from './read-onnx-tensor.ts';
import { readOnnxType } from './read-onnx-type.ts';

/** What a graph holds; its nodes are only counted. */
export interface OnnxGraphFacts {
  name: string;
  inputs: ModelValue[];
  outputs: ModelValue[];
  initializers: TensorDescription[];
}

/** A graph of which nothing was read yet. */
export function emptyGraph(): OnnxGraphFacts {
  return { name: '', inputs: [], outputs: [], initializers: [] };
}

/** What is counted over a model, its subgraphs and functions included. */
export class OnnxTally {
  nodeCount = 0;
  subgraphCount = 0;
  readonly operators: Map<string, number> = new Map();
  /** Tensors of attributes and subgraphs whose data lies in other files. */
  readonly innerExternal: TensorDescription[] = [];
}

const maximumSubgraphDepth = 32;
const maximumOperators = 10_000;
const maximumTensors = 1_000_000;

/** Where a node or graph stands in a model. */
interface Place {
  readonly tally: OnnxTally;
  readonly depth: number;
}

/** Reads a `GraphProto`, and what its nodes hold by attributes, skipping all weights. */
export async function readOnnxGraph(
  cursor: ProtobufCursor,
  message: ProtobufField,
  { facts = emptyGraph(), ...place }: Place & { readonly facts?: OnnxGraphFacts },
): Promise<OnnxGraphFacts> {
  if (place.depth > maximumSubgraphDepth) {
    throw new DetailLimit({ reason: `graphs are nested deeper than ${maximumSubgraphDepth} levels` });
  }
  await cursor.fields(message, async (field) => {
    if (field.number === 1) await readOnnxNode(cursor, field, place);
    if (field.number === 2) facts.name = await cursor.text(field);
    if (field.number === 5) keep(facts.initializers, await readOnnxTensor(cursor, field), cursor);
    if (field.number === 15) keep(facts.initializers, await readSparseTensor(cursor, field), cursor);
    if (field.number === 11) keep(facts.inputs, await readValue(cursor, field), cursor);
    if (field.number === 12) keep(facts.outputs, await readValue(cursor, field), cursor);
  });
  return facts;
}

/** Reads a `NodeProto`: counts its operator and follows attributes that hold tensors or graphs. */
export async function readOnnxNode(
  cursor: ProtobufCursor,
  message: ProtobufField,
  place: Place,
): Promise<void> {
  let operator = '';
  let domain = '';
  await cursor.fields(message, (field) => {
    if (field.number === 4) return cursor.text(field).then((text) => void (operator = text));
    if (field.number === 7) return cursor.text(field).then((text) => void (domain = text));
    if (field.number === 5) return readOnnxAttribute(cursor, field, place);
    return undefined;
  });
  const { tally } = place;
  const label = domain === '' || domain === 'ai.onnx' ? operator : `${domain}::${operator}`;
  tally.nodeCount += 1;
  const count = tally.operators.get(label);
  if (count !== undefined || tally.operators.size < maximumOperators)
    tally.operators.set(label, (count ?? 0) + 1);
  else cursor.cut(`there are more than ${maximumOperators} different operators`);
}

/** Reads an `AttributeProto`, for the tensors and graphs in it. */
export async function readOnnxAttribute(
  cursor: ProtobufCursor,
  message: ProtobufField,
  place: Place,
): Promise<void> {
  await cursor.fields(message, (field) => {
    if (field.number === 5 || field.number === 10) return noteExternal(readOnnxTensor(cursor, field), place);
    if (field.number === 22 || field.number === 23)
      return noteExternal(readSparseTensor(cursor, field), place);
    if (field.number === 6 || field.number === 11) return readSubgraph(cursor, field, place);
    return undefined;
  });
}

/** Reads a graph within the model, for what it counts. */
export async function readSubgraph(
  cursor: ProtobufCursor,
  field: ProtobufField,
  place: Place,
): Promise<void> {
  place.tally.subgraphCount += 1;
  const facts = await readOnnxGraph(cursor, field, { ...place, depth: place.depth + 1 });
  for (const tensor of facts.initializers) await noteExternal(Promise.resolve(tensor), place);
}

async function noteExternal(reading: Promise<TensorDescription>, place: Place): Promise<void> {
  const tensor = await reading;
  if (tensor.externalData !== undefined) place.tally.innerExternal.push(tensor);
}

async function readSparseTensor(cursor: ProtobufCursor, message: ProtobufField): Promise<TensorDescription> {
  let values: TensorDescription = { name: '', dtype: 'UNDEFINED', shape: [] };
  const shape: number[] = [];
  await cursor.fields(message, async (field) => {
    if (field.number === 1) values = await readOnnxTensor(cursor, field);
    if (field.number === 3) shape.push(...(await cursor.integers(field, 1024)));
  });
  const { byteRange: _valuesOnly, ...described } = values;
  return { ...described, shape, sparse: true };
}

async function readValue(cursor: ProtobufCursor, message: ProtobufField): Promise<ModelValue> {
  let name = '';
  let type: Omit<ModelValue, 'name'> = { kind: 'unknown', type: 'unknown' };
  await cursor.fields(message, async (field) => {
    if (field.number === 1) name = await cursor.text(field);
    if (field.number === 2) type = await readOnnxType(cursor, field);
  });
  return { name, ...type };
}

function keep<T>(list: T[], item: T, cursor: ProtobufCursor): void {
  if (list.length < maximumTensors) list.push(item);
  else cursor.cut(`there are more than ${maximumTensors} tensors or values`);
}
