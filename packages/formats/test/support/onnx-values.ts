import { askPython } from './ask-python.ts';

/** Describes models with the onnx package, in the words that our own inspection uses. */
const program = `
import sys, json, base64, collections, onnx
from onnx import TensorProto
words = {'FLOAT': 'float32', 'DOUBLE': 'float64', 'STRING': 'string', 'BOOL': 'bool', 'FLOAT8E4M3FN': 'float8_e4m3fn',
  'FLOAT8E4M3FNUZ': 'float8_e4m3fnuz', 'FLOAT8E5M2': 'float8_e5m2', 'FLOAT8E5M2FNUZ': 'float8_e5m2fnuz',
  'FLOAT4E2M1': 'float4_e2m1', 'FLOAT6E2M3': 'float6_e2m3', 'FLOAT6E3M2': 'float6_e3m2', 'FLOAT8E8M0': 'float8_e8m0', 'UNDEFINED': 'undefined'}
def word(number):
    name = TensorProto.DataType.Name(number)
    return words.get(name, name.lower())
def extent(d):
    kind = d.WhichOneof('value')
    return None if kind is None else getattr(d, kind)
def kind_of(t):
    kind = t.WhichOneof('value')
    if kind is None: return 'unknown', None
    v = getattr(t, kind)
    if kind in ('tensor_type', 'sparse_tensor_type'):
        shape = [extent(d) for d in v.shape.dim] if v.HasField('shape') else None
        return '%s(%s)' % (kind[:-5], word(v.elem_type)), shape
    if kind == 'map_type': return 'map(%s, %s)' % (word(v.key_type), kind_of(v.value_type)[0]), None
    return '%s(%s)' % (kind[:-5], kind_of(v.elem_type)[0]), None
def value(v):
    type, shape = kind_of(v.type)
    return {'name': v.name, 'type': type, 'shape': shape}
def nodes(g):
    for n in g.node:
        yield n
        for a in n.attribute:
            for inner in [a.g] if a.HasField('g') else list(a.graphs): yield from nodes(inner)
def all_nodes(m):
    yield from nodes(m.graph)
    for f in m.functions: yield from nodes(f)
    for t in m.training_info:
        yield from nodes(t.initialization)
        yield from nodes(t.algorithm)
def describe(m):
    counts = collections.Counter(n.op_type if n.domain in ('', 'ai.onnx') else n.domain + '::' + n.op_type for n in all_nodes(m))
    return {'inputs': [value(v) for v in m.graph.input], 'outputs': [value(v) for v in m.graph.output],
      'tensors': [{'name': t.name, 'dtype': TensorProto.DataType.Name(t.data_type), 'shape': list(t.dims)} for t in m.graph.initializer],
      'operators': dict(counts), 'operatorSets': {o.domain or 'ai.onnx': o.version for o in m.opset_import}, 'irVersion': m.ir_version}
print(json.dumps([describe(onnx.load_from_string(base64.b64decode(b))) for b in json.load(sys.stdin)]))
`;

/** Asks the onnx package what models hold. */
export function onnxValues(python: string, models: readonly Uint8Array[]): unknown[] {
  return askPython(
    python,
    program,
    models.map((model) => Buffer.from(model).toString('base64')),
  ) as unknown[];
}
