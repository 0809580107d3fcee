import { FormatCatalog } from '../catalog/format-catalog.ts';
import { FormatError } from '../format-error.ts';
import { openHdf5Values } from '../hdf5/hdf5-values.ts';
import { readMat } from '../matlab/read-mat.ts';
import { readNpy } from '../numpy/read-npy.ts';
import { readNpz } from '../numpy/read-npz.ts';
import { openTorch } from '../pytorch/read-torch.ts';
import { refusedAtLimit } from '../refused-at-limit.ts';
import { readSafetensors } from '../safetensors/read-safetensors.ts';
import type { ByteInput } from '../source/byte-range-source.ts';
import { sourceOf } from '../source/source-of.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import type { Lost, ValueGroup } from '../value/value-attribute.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import { plainValue } from './plain-value.ts';

/** The formats whose values are read. */
export type ValueFormat =
  | 'numpy'
  | 'numpy_archive'
  | 'safetensors'
  | 'matlab'
  | 'pytorch_state_dict'
  | 'hdf5';

/** The values of a file of any format that is read. */
export interface ValueFile {
  readonly format: ValueFormat;
  /** In the order of the file. Those of a checkpoint of torch and of an HDF5 file are named by their paths. */
  readonly values: readonly LazyValue[];
  /** Texts beside the values: the metadata of safetensors, and attributes of the root of an HDF5 file. */
  readonly metadata: { readonly [key: string]: string };
  /** The groups of an HDF5 file with their attributes; absent for other formats. */
  readonly groups?: readonly ValueGroup[] | undefined;
  /** What is neither a value nor a group and is left out. @default nothing */
  readonly lost?: readonly Lost[] | undefined;
}

/**
 * Finds out the format of a file from its content and gives its values to be read. Plain numbers and texts in a file of torch
 * come as scalars.
 *
 * @throws FormatError when the values of the format are not read, or the file is broken.
 */
export async function openValues(input: ByteInput, options: OpenOptions = {}): Promise<ValueFile> {
  const source = sourceOf(input, options);
  const { inflate, signal } = options;
  const detectOptions = { ...(inflate && { inflate }), ...(signal && { signal }) };
  const { format } = await FormatCatalog.standard().detect(source, detectOptions);
  switch (format) {
    case 'numpy':
      return { format, values: [await readNpy(source)], metadata: {} };
    case 'numpy_archive':
      return { format, values: await readNpz(source, options), metadata: {} };
    case 'safetensors': {
      const { tensors, metadata } = await readSafetensors(source);
      return { format, values: tensors, metadata };
    }
    case 'matlab':
      return { format, values: (await readMat(source, options)).variables, metadata: {} };
    case 'hdf5':
      return { format, ...(await openHdf5Values(source, options)) };
    case 'pytorch_state_dict': {
      const { tensors, others } = await refusedAtLimit(format, () =>
        openTorch(source, { ...options, keepsFloats: true }),
      );
      const plain = others.map(({ name, value }) => plainValue(name, value));
      return { format, values: [...tensors, ...plain], metadata: {} };
    }
    default: {
      const hint = 'Values are read of .npy, .npz, .safetensors, .mat, .pt, .pth, .h5 and .hdf5 files.';
      const reason =
        format === 'binary'
          ? 'the content is in no format whose values are read'
          : 'the values of this format are not read here';
      throw new FormatError({ format, offset: 0, reason, hint, isUnsupported: true });
    }
  }
}
