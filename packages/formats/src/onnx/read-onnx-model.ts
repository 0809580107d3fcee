import type { JsonValue } from '../catalog/format-inspection.ts';
import type { ProtobufCursor, ProtobufField } from '../protobuf/protobuf-cursor.ts';
import {
  type OnnxGraphFacts,
  OnnxTally,
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
  graph: OnnxGraphFacts;
}

const longestMetadataBytes = 1024 * 1024;
const maximumEntries = 100_000;
const texts: ReadonlyMap<number, string> = new Map([
  [2, 'producerName'],
  [3, 'producerVersion'],
  [4, 'domain'],
]);

/**
 * Reads a `ModelProto` through a file, without its weights.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the messages
 */
export async function readOnnxModel(cursor: ProtobufCursor): Promise<OnnxModelFacts> {
  const facts: OnnxModelFacts = {
    summary: {},
    metadata: new Map(),
    functions: [],
    operatorSets: new Map(),
    tally: new OnnxTally(),
    graph: { name: '', inputs: [], outputs: [], initializers: [] },
  };
  await cursor.fields({ start: 0, end: cursor.sizeBytes }, (field) => readModelField(cursor, field, facts));
  return facts;
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
  if (field.number === 7) facts.graph = await readOnnxGraph(cursor, field, { tally, depth: 0 });
  if (field.number === 8) await readOperatorSet(cursor, field, facts.operatorSets);
  if (field.number === 14) facts.metadata.set(...(await readPair(cursor, field, longestMetadataBytes)));
  if (field.number === 20) await readTrainingInfo(cursor, field, facts);
  if (field.number === 25) facts.functions.push(await readFunction(cursor, field, tally));
  const entries = Math.max(facts.metadata.size, facts.functions.length, facts.operatorSets.size);
  if (entries > maximumEntries) cursor.fail(`there are more than ${maximumEntries} entries`, field.tagOffset);
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
