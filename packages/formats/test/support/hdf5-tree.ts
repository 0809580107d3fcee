import {
  FormatError,
  type Hdf5Attribute,
  type Hdf5Object,
  readHdf5,
  type Value,
  walkHdf5,
} from '../../src/index.ts';
import { neutral } from './neutral.ts';
import { nodeInflate } from './node-inflate.ts';

/** Every object of an HDF5 file by its path, in the form of the Python of `h5pyProgram`. */
export async function hdf5Tree(
  bytes: Uint8Array,
): Promise<{ readonly [path: string]: unknown } | FormatError> {
  try {
    const file = await readHdf5(bytes, { inflate: nodeInflate });
    const tree: { [path: string]: unknown } = { '/': await described(file.root) };
    for await (const { path, link, object } of walkHdf5(file.root)) {
      const { target } = link;
      if (object !== undefined) tree[path] = await described(object);
      else if (target.kind === 'hard') tree[path] = { is: 'same' };
      else {
        const { kind, ...rest } = target;
        tree[path] = { is: kind, ...rest };
      }
    }
    return tree;
  } catch (error) {
    return refusal(error);
  }
}

async function described(object: Hdf5Object): Promise<unknown> {
  const attributes: { [name: string]: unknown } = {};
  for (const attribute of await object.attributes()) attributes[attribute.name] = await attempt(attribute);
  if (object.kind !== 'dataset') return { is: object.kind, attributes };
  const { chunk = null, maxShape, isNull } = object;
  const limits = isNull ? [] : maxShape.map((extent) => (extent === Number.POSITIVE_INFINITY ? -1 : extent));
  return { is: 'dataset', chunk, maxShape: limits, value: await attempt(object), attributes };
}

async function attempt(from: Pick<Hdf5Attribute, 'isNull'> & { read(): Promise<Value> }): Promise<unknown> {
  try {
    return from.isNull ? { kind: 'null' } : neutral(await from.read());
  } catch (error) {
    return { refused: refusal(error).reason };
  }
}

function refusal(error: unknown): FormatError {
  if (FormatError.isInstance(error)) return error;
  throw error;
}
