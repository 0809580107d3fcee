import { InvalidValueError } from '../invalid-value-error.ts';

/** The formats that Holdfast knows by itself. The strings are stored and never change. */
export const SerializationFormat = {
  Pickle: 'pickle',
  Joblib: 'joblib',
  Onnx: 'onnx',
  TensorflowSavedModel: 'tensorflow_savedmodel',
  PytorchStateDict: 'pytorch_state_dict',
  Huggingface: 'huggingface',
  MlflowModel: 'mlflow_model',
  ScikitLearnPickle: 'scikit_learn_pickle',
  JaxParams: 'jax_params',
  Safetensors: 'safetensors',
  Numpy: 'numpy',
  NumpyArchive: 'numpy_archive',
  Hdf5: 'hdf5',
  Matlab: 'matlab',
  Json: 'json',
  Binary: 'binary',
} as const;

/** A format of Holdfast's own. */
export type KnownSerializationFormat = (typeof SerializationFormat)[keyof typeof SerializationFormat];

/** A format from outside this repository, such as `x-acme-weights`. */
export type ForeignSerializationFormat = `x-${string}`;

/** How the bytes of an artifact are to be read. */
export type SerializationFormat = KnownSerializationFormat | ForeignSerializationFormat;

const known: ReadonlySet<string> = new Set(Object.values(SerializationFormat));
const foreign = /^x-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Formats whose bytes are, or may hold, a Python pickle: reading one with Python can run code. */
export const pickleFamily: ReadonlySet<SerializationFormat> = new Set([
  SerializationFormat.Pickle,
  SerializationFormat.Joblib,
  SerializationFormat.PytorchStateDict,
  SerializationFormat.ScikitLearnPickle,
]);

/** Formats that are folders of files rather than one file. */
export const directoryFormats: ReadonlySet<SerializationFormat> = new Set([
  SerializationFormat.TensorflowSavedModel,
  SerializationFormat.Huggingface,
  SerializationFormat.MlflowModel,
]);

/** Whether a text names a format: a known one, or any `x-` name of lower-case letters, digits and hyphens. */
export function isSerializationFormat(text: string): text is SerializationFormat {
  return known.has(text) || foreign.test(text);
}

/**
 * Parses the name of a format.
 *
 * @throws InvalidValueError listing the known names.
 */
export function parseSerializationFormat(text: string, field = 'format'): SerializationFormat {
  if (!isSerializationFormat(text)) {
    throw new InvalidValueError({
      field,
      value: text,
      reason: 'is not a serialization format',
      hint: `Known formats are ${[...known].join(', ')}; a format of your own is named x-….`,
    });
  }
  return text;
}
