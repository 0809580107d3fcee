import type { JsonValue } from '@holdfast/domain';
import type { ProtobufCursor, ProtobufField } from '../protobuf/protobuf-cursor.ts';
import {
  type OnnxGraphFacts,
  OnnxTally,
  emptyGraph,
  readOnnxAttribute,
  readOnnxGraph,
  readOnnxNode,
  readSubgraph,
} from './read-onnx-graph.ts';
import { readPair } from './read-onnx-tensor.ts';

/** What an ONNX model states about itself. */
export interface OnnxModelFacts {
  readonly summary: { [key: string]: JsonValue };
  readonly metadata: Map<string, string>;
  readonly functions: JsonValue[];
  readonly operatorSets: Map<string, number>;
  readonly tally: OnnxTally;
  readonly graph: OnnxGraphFacts;
}

const longestMetadataBytes = 1024 * 1024;
const maximumEntries = 100_000;
const texts: ReadonlyMap<number, string> = new Map([
  [2, 'producerName'],
  [3, 'producerVersion'],
  [4, 'domain'],
]);

/** A model of which nothing was read yet. */
export function emptyModel(): OnnxModelFacts {
  return {
    summary: {},
    metadata: new Map(),
    functions: [],
    operatorSets: new Map(),
    tally: new OnnxTally(),
    graph: emptyGraph(),
  };
}

/**
 * Reads a `ModelProto` through a file, without its weights. What is read goes into `facts` at once,
 * so that it is there when a limit ends the reading. Two graphs are one, as protobuf joins them.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the messages
 */
export async function readOnnxModel(cursor: ProtobufCursor, facts: OnnxModelFacts): Promise<void> {
  await cursor.fields({ start: 0, end: cursor.sizeBytes }, (field) => readModelField(cursor, field, facts));
}

async function readModelField(
  cursor: ProtobufCursor,
  field: ProtobufField,
  facts: OnnxModelFacts,
): Promise<void> {
  const { tally } = facts;
  const textName = texts.get(field.number);
  if (textName !== undefined) facts.summary[textName] = await cursor.text(field);
  if (field.number === 1) facts.summary['irVersion'] = field.value;
  if (field.number === 5) facts.summary['modelVersion'] = field.value;
  if (field.number === 7) await readOnnxGraph(cursor, field, { tally, depth: 0, facts: facts.graph });
  if (field.number === 8) await readOperatorSet(cursor, field, facts.operatorSets);
  if (field.number === 14) {
    const [key, value] = await readPair(cursor, field, longestMetadataBytes);
    if (hasRoom(cursor, facts.metadata.size)) facts.metadata.set(key, value);
  }
  if (field.number === 20) await readTrainingInfo(cursor, field, facts);
  if (field.number === 25) {
    const described = await readFunction(cursor, field, tally);
    if (hasRoom(cursor, facts.functions.length)) facts.functions.push(described);
  }
}

function hasRoom(cursor: ProtobufCursor, count: number): boolean {
  if (count < maximumEntries) return true;
  cursor.cut(`there are more than ${maximumEntries} entries of metadata or functions`);
  return false;
}

async function readOperatorSet(
  cursor: ProtobufCursor,
  message: ProtobufField,
  operatorSets: Map<string, number>,
): Promise<void> {
  let domain = '';
  let version = 0;
  await cursor.fields(message, async (field) => {
    if (field.number === 1) domain = await cursor.text(field);
    if (field.number === 2) version = field.value;
  });
  operatorSets.set(domain === '' ? 'ai.onnx' : domain, version);
}

async function readTrainingInfo(
  cursor: ProtobufCursor,
  message: ProtobufField,
  facts: OnnxModelFacts,
): Promise<void> {
  facts.summary['hasTrainingInfo'] = true;
  await cursor.fields(message, async (field) => {
    if (field.number === 1 || field.number === 2)
      await readSubgraph(cursor, field, { tally: facts.tally, depth: 0 });
  });
}

async function readFunction(
  cursor: ProtobufCursor,
  message: ProtobufField,
  tally: OnnxTally,
): Promise<JsonValue> {
  let name = '';
  let domain = '';
  let nodeCount = 0;
  await cursor.fields(message, async (field) => {
    if (field.number === 1) name = await cursor.text(field);
    if (field.number === 10) domain = await cursor.text(field);
    if (field.number === 11) await readOnnxAttribute(cursor, field, { tally, depth: 0 });
    if (field.number !== 7) return;
    nodeCount += 1;
    await readOnnxNode(cursor, field, { tally, depth: 0 });
  });
  return { domain, name, nodeCount };
}
