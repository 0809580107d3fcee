import { encodeOnnxModel } from '../onnx/encode-onnx-model.ts';
import type { OnnxInitializer, OnnxModel } from '../onnx/onnx-model.ts';
import { encodeSafetensors } from '../safetensors/encode-safetensors.ts';
import { randomUnit } from './random-unit.ts';

/** A small classifier in two formats with the same weights. */
export interface SampleClassifier {
  /** The bytes of the ONNX model: input `features` [batch, 8], output `probabilities` [batch, 4]. */
  readonly onnx: Uint8Array;
  /** The bytes of the safetensors file with the weights alone. */
  readonly safetensors: Uint8Array;
  /** Number of weights. */
  readonly parameterCount: number;
  /** What the four probabilities stand for, in order. */
  readonly classes: readonly string[];
}

const featureCount = 8;
const hiddenCount = 16;
const classes: readonly string[] = ['normal', 'inner_race', 'ball', 'outer_race'];
const operatorSetVersion = 17;

/**
 * A small classifier of bearing signals for examples and tests: eight features, one hidden layer of
 * sixteen with ReLU, four classes with softmax. The weights are random, not trained.
 * The same seed gives the same bytes on every machine.
 *
 * @param seed A whole number; its lowest 32 bits count.
 */
export function sampleClassifier(seed: number): SampleClassifier {
  const next = randomUnit(seed);
  const tensors: OnnxInitializer[] = [
    randomTensor('hidden.weight', [featureCount, hiddenCount], next),
    randomTensor('hidden.bias', [hiddenCount], next),
    randomTensor('output.weight', [hiddenCount, classes.length], next),
    randomTensor('output.bias', [classes.length], next),
  ];
  const metadata = { task: 'classification', classes: classes.join(',') };
  return {
    onnx: encodeOnnxModel(modelOf(tensors, metadata)),
    safetensors: encodeSafetensors({
      tensors: tensors.map(({ name, shape, data }) => ({ name, dtype: 'F32', shape, data })),
      metadata,
    }),
    parameterCount: tensors.reduce((total, { data }) => total + data.byteLength / 4, 0),
    classes,
  };
}

function modelOf(
  initializers: readonly OnnxInitializer[],
  metadata: { readonly [key: string]: string },
): OnnxModel {
  return {
    operatorSets: [{ domain: '', version: operatorSetVersion }],
    metadata,
    graph: {
      name: 'sample_classifier',
      inputs: [{ name: 'features', elementType: 'float32', shape: ['batch', featureCount] }],
      outputs: [{ name: 'probabilities', elementType: 'float32', shape: ['batch', classes.length] }],
      initializers,
      nodes: [
        {
          operator: 'Gemm',
          name: 'hidden',
          inputs: ['features', 'hidden.weight', 'hidden.bias'],
          outputs: ['hidden_sums'],
        },
        { operator: 'Relu', name: 'activation', inputs: ['hidden_sums'], outputs: ['hidden_values'] },
        {
          operator: 'Gemm',
          name: 'output',
          inputs: ['hidden_values', 'output.weight', 'output.bias'],
          outputs: ['scores'],
        },
        {
          operator: 'Softmax',
          name: 'softmax',
          inputs: ['scores'],
          outputs: ['probabilities'],
          attributes: { axis: { kind: 'integer', value: -1 } },
        },
      ],
    },
  };
}

/** Values between -r and r, r the square root of 6 by the number of inputs (He and others, 2015). */
function randomTensor(name: string, shape: readonly number[], next: () => number): OnnxInitializer {
  const count = shape.reduce((total, extent) => total * extent, 1);
  const range = Math.sqrt(6 / (shape[0] ?? 1));
  const data = new Uint8Array(count * 4);
  const view = new DataView(data.buffer);
  for (let index = 0; index < count; index += 1) view.setFloat32(index * 4, (next() * 2 - 1) * range, true);
  return { name, elementType: 'float32', shape, data };
}
