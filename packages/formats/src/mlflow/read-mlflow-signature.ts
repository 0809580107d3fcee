import type { ModelValue } from '../catalog/format-inspection.ts';
import { JsonReader, type JsonTree } from '../json/json-reader.ts';

const commonWords: ReadonlyMap<string, string> = new Map([
  ['double', 'float64'],
  ['float', 'float32'],
  ['integer', 'int32'],
  ['long', 'int64'],
  ['boolean', 'bool'],
]);

/**
 * Reads the JSON that describes one side of a signature in an `MLmodel` file: columns, or tensors
 * with a dtype and a shape. `undefined` where it is no such list.
 */
export function readMlflowSignature(text: string): ModelValue[] | undefined {
  try {
    const reader = new JsonReader(new TextEncoder().encode(text), ({ reason }) => new SyntaxError(reason));
    const root = reader.value();
    reader.end();
    return Array.isArray(root) ? root.map(valueOf) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function valueOf(column: JsonTree, index: number): ModelValue {
  const get = (key: string): JsonTree | undefined => (column instanceof Map ? column.get(key) : undefined);
  const stated = get('name');
  const name = typeof stated === 'string' ? stated : String(index);
  const tensor = get('tensor-spec');
  const type = get('type');
  if (type === 'tensor' && tensor instanceof Map) return { name, ...tensorType(tensor) };
  const word = typeof type === 'string' ? type : 'unknown';
  return { name, kind: 'column', type: word, elementType: commonWords.get(word) ?? word };
}

function tensorType(tensor: ReadonlyMap<string, JsonTree>): Omit<ModelValue, 'name'> {
  const dtype = tensor.get('dtype');
  const elementType = typeof dtype === 'string' ? dtype : 'unknown';
  const extents = tensor.get('shape');
  const shape = Array.isArray(extents)
    ? extents.map((extent) => (typeof extent === 'number' && extent >= 0 ? extent : null))
    : undefined;
  return {
    kind: 'tensor',
    type: `tensor(${elementType})`,
    elementType,
    ...(shape === undefined ? {} : { shape }),
  };
}
