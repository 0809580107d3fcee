import { InvalidValueError } from '@holdfast/domain';
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { onnxElementTypeNumbers, onnxElementTypes } from './onnx-element-type.ts';
import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxValue,
} from './onnx-model.ts';

const defaultIrVersion = 8;

/**
 * Writes an ONNX model. The same model gives the same bytes. Names and types are checked, whether
 * the operators fit together is not.
 *
 * @throws InvalidValueError for an unknown element type, data of the wrong length, or no operator set.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the messages
 */
export function encodeOnnxModel(model: OnnxModel): Uint8Array {
  if (model.operatorSets.length === 0) {
    throw new InvalidValueError({
      field: 'operatorSets',
      value: [],
      reason: 'is empty',
      hint: "State at least ONNX's own, such as version 17.",
    });
  }
  const writer = new ProtobufWriter()
    .integer(1, model.irVersion ?? defaultIrVersion)
    .text(2, model.producerName ?? 'holdfast');
  if (model.producerVersion !== undefined) writer.text(3, model.producerVersion);
  if (model.modelVersion !== undefined) writer.integer(5, model.modelVersion);
  writer.message(7, (graph) => writeGraph(graph, model.graph));
  for (const { domain, version } of model.operatorSets) {
    writer.message(8, (set) => void set.text(1, domain).integer(2, version));
  }
  for (const [key, value] of Object.entries(model.metadata ?? {})) {
    writer.message(14, (pair) => void pair.text(1, key).text(2, value));
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.text(2, graph.name);
  for (const tensor of graph.initializers ?? []) writer.message(5, (inner) => writeTensor(inner, tensor));
  for (const value of graph.inputs) writer.message(11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) writer.message(12, (inner) => writeValue(inner, value));
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  if (node.name !== undefined) writer.text(3, node.name);
  writer.text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    writer.message(5, (inner) => writeAttribute(inner.text(1, name), attribute));
  }
  if (node.domain !== undefined) writer.text(7, node.domain);
}

/** Writes the value, and the number by which ONNX names its kind. */
function writeAttribute(writer: ProtobufWriter, attribute: OnnxAttribute): void {
  switch (attribute.kind) {
    case 'float':
      return void writer.float(2, attribute.value).integer(20, 1);
    case 'integer':
      return void writer.integer(3, attribute.value).integer(20, 2);
    case 'text':
      return void writer.text(4, attribute.value).integer(20, 3);
    case 'tensor':
      return void writer.message(5, (inner) => writeTensor(inner, attribute.value)).integer(20, 4);
    case 'graph':
      return void writer.message(6, (inner) => writeGraph(inner, attribute.value)).integer(20, 5);
    case 'floats':
      for (const value of attribute.value) writer.float(7, value);
      return void writer.integer(20, 6);
    case 'integers':
      for (const value of attribute.value) writer.integer(8, value);
      return void writer.integer(20, 7);
    case 'texts':
      for (const value of attribute.value) writer.text(9, value);
      return void writer.integer(20, 8);
  }
}

function writeTensor(writer: ProtobufWriter, tensor: OnnxInitializer): void {
  const number = elementTypeNumber(tensor.name, tensor.elementType);
  const bits = onnxElementTypes.get(number)?.bitsPerElement ?? 0;
  const dueBytes = Math.ceil(((shapeElementCount(tensor.shape) ?? Number.NaN) * bits) / 8);
  if (bits === 0 || dueBytes !== tensor.data.byteLength) {
    throw new InvalidValueError({
      field: `${tensor.name}.data`,
      value: tensor.data.byteLength,
      reason: bits === 0 ? 'cannot hold texts' : `is not the ${dueBytes} bytes that the shape needs`,
    });
  }
  writer.packedIntegers(1, tensor.shape).integer(2, number).text(8, tensor.name).bytes(9, tensor.data);
}

function writeValue(writer: ProtobufWriter, value: OnnxValue): void {
  const number = elementTypeNumber(value.name, value.elementType);
  writer.text(1, value.name).message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.integer(1, number).message(2, (shape) => {
        for (const extent of value.shape) {
          shape.message(
            1,
            (dimension) =>
              void (typeof extent === 'number' ? dimension.integer(1, extent) : dimension.text(2, extent)),
          );
        }
      });
    });
  });
}

function elementTypeNumber(name: string, elementType: string): number {
  const number = onnxElementTypeNumbers.get(elementType);
  if (number !== undefined) return number;
  throw new InvalidValueError({
    field: `${name}.elementType`,
    value: elementType,
    reason: 'is not an element type of ONNX',
    hint: `Known types are ${[...onnxElementTypeNumbers.keys()].join(', ')}.`,
  });
}
