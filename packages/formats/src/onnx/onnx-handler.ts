import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts, InspectionWarning, ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { onnxCursor } from './onnx-cursor.ts';
import { detectOnnxFolder, inspectOnnxFolder } from './onnx-folder.ts';
import { outlineOnnx } from './onnx-outline.ts';
import { emptyModel, type OnnxModelFacts, readOnnxModel } from './read-onnx-model.ts';

const mostExternalFiles = 1000;
/** A message of protobuf is shorter than 2 GiB. */
const mostProtobufBytes = 2 ** 31 - 1;

/**
 * An ONNX model. Its structure is walked by ranges; weights are described, not read. `tensors` are
 * the initializers of the main graph; operators are counted over subgraphs and functions too.
 */
export const onnxHandler: FormatHandler = {
  format: 'onnx',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const outline = await outlineOnnx(probe.reader);
    if (outline === undefined) return undefined;
    return {
      evidence: [
        `A protobuf ModelProto: IR version ${outline.irVersion}, a graph at byte ${outline.graph.start}, operator sets stated.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const cursor = onnxCursor(probe.reader);
    const facts = emptyModel();
    await readOnnxModel(cursor, facts).catch((error: unknown) => probe.limit(error));
    for (const reason of cursor.cuts) probe.limit(new DetailLimit({ reason }));
    warnOfSize(probe);
    const { initializers, outputs } = facts.graph;
    const external = [...initializers, ...facts.tally.innerExternal];
    const warnings = warnOfExternalData(external);
    return {
      summary: { ...summarize(facts), ...externalFiles(external) },
      inputs: markDefaults(facts.graph.inputs, initializers),
      outputs,
      tensors: initializers,
      metadata: Object.fromEntries(facts.metadata),
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  },

  detectFolder: detectOnnxFolder,
  inspectFolder: inspectOnnxFolder,
};

/** Where the weights are kept, if not in the file. */
function externalFiles(tensors: readonly TensorDescription[]): InspectionFacts['summary'] & {} {
  const locations = new Set(
    tensors.flatMap(({ externalData }) => (externalData === undefined ? [] : [externalData.location])),
  );
  return locations.size === 0 ? {} : { externalFiles: [...locations].slice(0, mostExternalFiles) };
}

function summarize(facts: OnnxModelFacts): InspectionFacts['summary'] & {} {
  const { graph, tally } = facts;
  const sorted = (entries: Iterable<readonly [string, number]>): { [key: string]: number } =>
    Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...facts.summary,
    graphName: graph.name,
    operatorSets: sorted(facts.operatorSets),
    nodeCount: tally.nodeCount,
    subgraphCount: tally.subgraphCount,
    operators: sorted(tally.operators),
    functions: facts.functions,
    tensorCount: graph.initializers.length,
    parameterCount: graph.initializers.reduce(
      (total, { shape }) => total + (shapeElementCount(shape) ?? 0),
      0,
    ),
  };
}

function markDefaults(
  inputs: readonly ModelValue[],
  initializers: readonly TensorDescription[],
): readonly ModelValue[] {
  const names = new Set(initializers.map((tensor) => tensor.name));
  return inputs.map((input) => (names.has(input.name) ? { ...input, hasDefault: true } : input));
}

function warnOfSize(probe: FormatProbe): void {
  const { sizeBytes } = probe.reader;
  if (sizeBytes <= mostProtobufBytes) return;
  probe.warn({
    code: 'over-protobuf-limit',
    message: `The file has ${sizeBytes} bytes, and readers of protobuf take at most ${mostProtobufBytes}: keep the weights in external data.`,
  });
}

function warnOfExternalData(tensors: readonly TensorDescription[]): InspectionWarning[] {
  const locations = new Map(
    tensors.flatMap(({ externalData }) =>
      externalData ? [[externalData.location, externalData.escapes]] : [],
    ),
  );
  const escaping = [...locations].filter(([, escapes]) => escapes).map(([location]) => location);
  const warnings: InspectionWarning[] = [];
  if (locations.size > 0) {
    warnings.push({
      code: 'external-data',
      message: `The data of some tensors is in ${locations.size === 1 ? 'another file' : `${locations.size} other files`}, and not in this one: ${list([...locations.keys()])}.`,
    });
  }
  if (escaping.length > 0) {
    warnings.push({
      code: 'external-data-escapes',
      message: `The paths of other files lead, or could lead, out of the model's folder: ${list(escaping)}.`,
    });
  }
  return warnings;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 120)));
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}
