import { pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import {
  bytesSource,
  encodeOnnxModel,
  inspect,
  sampleClassifier,
  type FormatInspection,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { onnxValues } from './support/onnx-values.ts';

const python = pythonOracle() ?? '';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

describe.skipIf(python === '')('onnx', () => {
  it('accepts the sample classifier, and runs it to what its weights say', async () => {
    const { onnx, safetensors } = sampleClassifier(11);
    const program = `
import sys, json, base64, onnx, numpy as np
from onnx.reference import ReferenceEvaluator
from safetensors.numpy import load
model, weights = [base64.b64decode(text) for text in json.load(sys.stdin)]
m = onnx.load_from_string(model)
onnx.checker.check_model(m, full_check=True)
w = load(weights)
x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(3, 8)
got = ReferenceEvaluator(m).run(None, {'features': x})[0]
s = np.maximum(x @ w['hidden.weight'] + w['hidden.bias'], 0) @ w['output.weight'] + w['output.bias']
e = np.exp(s - s.max(axis=1, keepdims=True))
print(json.dumps({'difference': float(np.abs(got - e / e.sum(axis=1, keepdims=True)).max()), 'shape': list(got.shape), 'spread': float(got.std()),
  'metadata': {p.key: p.value for p in m.metadata_props}}))`;
    const answer = askPython(python, program, [base64(onnx), base64(safetensors)]) as {
      difference: number;
      spread: number;
    };
    expect(answer).toMatchObject({ shape: [3, 4], metadata: { task: 'classification' } });
    expect(answer.difference).toBeLessThan(1e-6);
    expect(answer.spread).toBeGreaterThan(0.01);
  });

  it('accepts attributes of every kind that is written here', () => {
    const tensor = {
      name: 't',
      elementType: 'int64',
      shape: [2],
      data: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
    };
    const graph = { name: 'inner', nodes: [], inputs: [], outputs: [] };
    const onnx = encodeOnnxModel({
      operatorSets: [
        { domain: '', version: 17 },
        { domain: 'acme', version: 3 },
      ],
      producerVersion: '1.2',
      modelVersion: -4,
      graph: {
        name: 'g',
        inputs: [],
        outputs: [{ name: 'y', elementType: 'int64', shape: [2] }],
        nodes: [
          {
            operator: 'All',
            domain: 'acme',
            inputs: [],
            outputs: ['y'],
            attributes: {
              f: { kind: 'float', value: 1.5 },
              i: { kind: 'integer', value: -3 },
              s: { kind: 'text', value: 'é' },
              t: { kind: 'tensor', value: tensor },
              g: { kind: 'graph', value: graph },
              fs: { kind: 'floats', value: [1, 2] },
              is: { kind: 'integers', value: [-1, 2 ** 40] },
              ss: { kind: 'texts', value: ['a', 'b'] },
            },
          },
        ],
      },
    });
    const program = `
import sys, json, base64, onnx
from onnx import helper, numpy_helper
m = onnx.load_from_string(base64.b64decode(json.load(sys.stdin)))
def plain(a):
    v = helper.get_attribute_value(a)
    if a.type == a.TENSOR: return numpy_helper.to_array(v).tolist()
    if a.type == a.GRAPH: return v.name
    return [x.decode() if isinstance(x, bytes) else x for x in v] if isinstance(v, (list, tuple)) or a.type in (6, 7, 8) else v.decode() if isinstance(v, bytes) else v
print(json.dumps({'modelVersion': m.model_version, 'producer': [m.producer_name, m.producer_version], 'attributes': {a.name: plain(a) for a in m.graph.node[0].attribute}}))`;
    expect(askPython(python, program, base64(onnx))).toEqual({
      modelVersion: -4,
      producer: ['holdfast', '1.2'],
      attributes: {
        f: 1.5,
        i: -3,
        s: 'é',
        t: [1, 2],
        g: 'inner',
        fs: [1, 2],
        is: [-1, 2 ** 40],
        ss: ['a', 'b'],
      },
    });
  });

  it('makes models of every type that are described as it describes them', async () => {
    const program = `
import sys, json, base64, onnx, numpy as np
from onnx import helper as h, TensorProto as T, numpy_helper
models = []
for number in T.DataType.values():
    if number == 0: continue
    x = h.make_tensor_value_info('x', number, ['n', 2, None])
    w = T(); w.name = 'w'; w.data_type = number; w.dims.extend([2, 3])
    raw = [] if number == T.STRING else [numpy_helper.from_array(np.zeros((3, 1), h.tensor_dtype_to_np_dtype(number)), 'raw')]
    models.append(h.make_model(h.make_graph([h.make_node('Identity', ['x'], ['y'])], 'g', [x], [h.make_tensor_value_info('y', number, None)], [w] + raw)))
tensor = h.make_tensor_type_proto(T.INT64, [1])
for t in (h.make_sequence_type_proto(tensor), h.make_optional_type_proto(h.make_sequence_type_proto(tensor)), h.make_map_type_proto(T.STRING, tensor), h.make_sparse_tensor_type_proto(T.FLOAT, [3])):
    models.append(h.make_model(h.make_graph([h.make_node('Identity', ['x'], ['y'])], 'g', [h.make_value_info('x', t)], [h.make_value_info('y', t)])))
inner = h.make_graph([h.make_node('Constant', [], ['c'], value=numpy_helper.from_array(np.ones(3, np.float32)))], 'inner', [], [h.make_tensor_value_info('c', T.FLOAT, [3])])
big = numpy_helper.from_array(np.arange(300000, dtype=np.float32).reshape(300, 1000), 'big')
g = h.make_graph([h.make_node('If', ['b'], ['y'], then_branch=inner, else_branch=inner)] + [h.make_node('Relu', ['y'], ['z%d' % i], name='n%d' % i) for i in range(3000)],
  'g', [h.make_tensor_value_info('b', T.BOOL, [])], [h.make_tensor_value_info('z0', T.FLOAT, ['batch', 3])], [big] + [numpy_helper.from_array(np.ones(i, np.int64), 'w%d' % i) for i in range(400)])
m = h.make_model(g, producer_name='', opset_imports=[h.make_opsetid('', 18), h.make_opsetid('acme', 2)], functions=[h.make_function('acme', 'F', ['a'], ['b'], [h.make_node('Add', ['a', 'a'], ['b'])], [h.make_opsetid('', 18)])])
models.append(m)
print(json.dumps([base64.b64encode(m.SerializeToString()).decode() for m in models]))`;
    const models = (askPython(python, program, null) as string[]).map(bytesOf);
    expect(models.length).toBeGreaterThan(25);
    const answers = onnxValues(python, models);
    for (const [index, model] of models.entries()) {
      const { inputs, outputs, tensors, summary } = await inspect(bytesSource(model));
      const values = (list: FormatInspection['inputs']): unknown =>
        list?.map(({ name, type, shape }) => ({ name, type, shape: shape ?? null }));
      expect({
        inputs: values(inputs),
        outputs: values(outputs),
        tensors: tensors?.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
        operators: summary['operators'],
        operatorSets: summary['operatorSets'],
        irVersion: summary['irVersion'],
      }).toEqual(answers[index]);
    }
  });
});
