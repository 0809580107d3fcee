import { DetailLimit } from '../detail-limit.ts';
import {
  ProtobufCursor,
  type ProtobufFailure,
  type ProtobufField,
  WireType,
} from '../protobuf/protobuf-cursor.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { beginsLikeGraph } from './begins-like-graph.ts';
import { onnxError } from './onnx-cursor.ts';

/** The top level of an ONNX model. */
export interface OnnxOutline {
  readonly irVersion: number;
  readonly graph: ProtobufField;
}

/** Fields of `ModelProto` and how they are written. */
const modelFields: ReadonlyMap<number, number> = new Map([
  [1, WireType.Varint],
  [2, WireType.Bytes],
  [3, WireType.Bytes],
  [4, WireType.Bytes],
  [5, WireType.Varint],
  [6, WireType.Bytes],
  [7, WireType.Bytes],
  [8, WireType.Bytes],
  [14, WireType.Bytes],
  [20, WireType.Bytes],
  [25, WireType.Bytes],
  [26, WireType.Bytes],
]);
const highestIrVersion = 64;
/** From this version on, a model must state its operator sets. */
const firstIrVersionWithOperatorSets = 3;
const longestProducerBytes = 256;

interface Sighting {
  irVersion: number | undefined;
  hasProducer: boolean;
  graphs: ProtobufField[];
  hasOperatorSet: boolean;
}

class ProtobufMismatch extends Error {
  readonly failure: ProtobufFailure | undefined;

  constructor(failure?: ProtobufFailure) {
    super(failure?.reason ?? 'the fields are not those of a model');
    this.failure = failure;
  }
}

/**
 * Walks the top level of a protobuf file and tells whether it is an ONNX model: a version, one
 * graph whose first fields are those of a graph, and operator sets. Gives `undefined` for other
 * content, among it other protobuf files, which can begin alike.
 *
 * A file that breaks off is only called broken ONNX once its beginning leaves no doubt: a version,
 * and a readable producer or the beginning of a graph.
 *
 * @throws FormatError when the file is meant to be ONNX and its structure is broken.
 */
export async function outlineOnnx(reader: BoundedReader): Promise<OnnxOutline | undefined> {
  const [first] = await reader.read(0, 1);
  if (first === undefined || !firstBytes.has(first)) return undefined;
  const sighting: Sighting = {
    irVersion: undefined,
    hasProducer: false,
    graphs: [],
    hasOperatorSet: false,
  };
  try {
    await walk(reader, sighting);
  } catch (error) {
    if (DetailLimit.isInstance(error)) return judge(reader, { ...sighting, hasOperatorSet: true });
    if (!(error instanceof ProtobufMismatch)) throw error;
    if (error.failure === undefined || !(await isMeantAsOnnx(reader, sighting, error.failure)))
      return undefined;
    throw onnxError(error.failure.reason, error.failure.offset);
  }
  return judge(reader, sighting);
}

/** Tags of `ModelProto` that take one byte; any of them may come first. */
const firstBytes: ReadonlySet<number> = new Set(
  [...modelFields].filter(([number]) => number < 16).map(([number, wireType]) => number * 8 + wireType),
);

async function walk(reader: BoundedReader, sighting: Sighting): Promise<void> {
  const cursor = new ProtobufCursor(reader, (failure) => new ProtobufMismatch(failure));
  await cursor.fields({ start: 0, end: reader.sizeBytes }, (field) => {
    const due = modelFields.get(field.number);
    if (due !== undefined && field.wireType !== due) {
      // Before a graph it tells other protobuf files apart; after one it is an unknown field, as protobuf has it.
      if (sighting.graphs.length === 0) throw new ProtobufMismatch();
      return;
    }
    if (field.number === 1) sighting.irVersion = field.value;
    if (field.number === 7) sighting.graphs.push(field);
    if (field.number === 8) sighting.hasOperatorSet = true;
    return field.number === 2 ? noteProducer(cursor, field, sighting) : undefined;
  });
}

async function noteProducer(cursor: ProtobufCursor, field: ProtobufField, sighting: Sighting): Promise<void> {
  const bytes = await cursor.bytes(field, longestProducerBytes);
  sighting.hasProducer = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

async function judge(reader: BoundedReader, sighting: Sighting): Promise<OnnxOutline | undefined> {
  const [graph] = sighting.graphs;
  const { irVersion } = sighting;
  if (graph === undefined || !isIrVersion(irVersion)) return undefined;
  const graphSigns = await beginsLikeGraph(reader, graph);
  if (graphSigns === 0) {
    const isEmpty = graph.start === graph.end;
    if (isEmpty && sighting.hasOperatorSet) return { irVersion, graph };
    if (sighting.hasProducer && sighting.hasOperatorSet)
      throw onnxError('the graph holds nothing that a graph holds', graph.start);
    return undefined;
  }
  if (!sighting.hasOperatorSet && irVersion >= firstIrVersionWithOperatorSets) {
    if (graphSigns < 2 && !sighting.hasProducer) return undefined;
    throw onnxError('the file ends without the operator sets that a model must state', reader.sizeBytes);
  }
  return { irVersion, graph };
}

async function isMeantAsOnnx(
  reader: BoundedReader,
  sighting: Sighting,
  failure: ProtobufFailure,
): Promise<boolean> {
  if (!isIrVersion(sighting.irVersion)) return false;
  if (failure.field !== undefined && !modelFields.has(failure.field.number) && sighting.graphs.length === 0)
    return false;
  if (sighting.hasProducer) return true;
  const graph =
    sighting.graphs[0] ??
    (failure.field?.number === 7 ? { ...failure.field, end: reader.sizeBytes } : undefined);
  return (
    graph !== undefined &&
    (await beginsLikeGraph(reader, { start: graph.start, end: Math.min(graph.end, reader.sizeBytes) })) >= 2
  );
}

function isIrVersion(version: number | undefined): version is number {
  return version !== undefined && version >= 1 && version <= highestIrVersion;
}
