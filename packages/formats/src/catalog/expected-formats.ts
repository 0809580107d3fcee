import type { SerializationFormat } from '@holdfast/domain';

const pickles: readonly SerializationFormat[] = ['pickle', 'joblib', 'scikit_learn_pickle'];

/** The formats that a file's extension promises. */
const byExtension: ReadonlyMap<string, readonly SerializationFormat[]> = new Map([
  ['onnx', ['onnx']],
  ['safetensors', ['safetensors']],
  ['npy', ['numpy']],
  ['npz', ['numpy_archive']],
  ['mat', ['matlab', 'hdf5']],
  ['h5', ['hdf5', 'matlab']],
  ['hdf5', ['hdf5', 'matlab']],
  ['msgpack', ['jax_params']],
  ['pt', ['pytorch_state_dict', ...pickles]],
  ['pth', ['pytorch_state_dict', ...pickles]],
  ['pkl', [...pickles, 'pytorch_state_dict']],
  ['pickle', [...pickles, 'pytorch_state_dict']],
  ['joblib', pickles],
]);

/** Extensions of weights whose content has no one format, or none that is known here. */
const otherWeights: ReadonlySet<string> = new Set([
  'bin',
  'ckpt',
  'gguf',
  'keras',
  'pb',
  'pt2',
  'tflite',
  'data',
]);

/** The formats that a file's name promises; `undefined` where it promises none. */
export function expectedFormats(path: string): readonly SerializationFormat[] | undefined {
  return byExtension.get(extensionOf(path));
}

/** Whether a file is named like one that holds weights or arrays. */
export function isNamedLikeWeights(path: string): boolean {
  const extension = extensionOf(path);
  return byExtension.has(extension) || otherWeights.has(extension);
}

/** The last extension in lower case, without the dot. */
function extensionOf(path: string): string {
  return /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}
