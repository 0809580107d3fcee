import type { JsonValue } from '@holdfast/domain';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import type { TensorList } from '../tensor/tensor-list.ts';
import type { FormatDetection } from './format-detection.ts';

/** An input or output of a model. */
export interface ModelValue {
  readonly name: string;
  /** `tensor`, or another kind such as `sequence`, `map`, `optional`, `sparse_tensor`. */
  readonly kind: string;
  /** The type written out, such as `tensor(float32)` or `sequence(tensor(int64))`. */
  readonly type: string;
  /** Element type of a tensor in common words. */
  readonly elementType?: string;
  /** A number, the name of a symbolic extent, or `null` where nothing is stated; absent where even the rank is open. */
  readonly shape?: readonly (number | string | null)[];
  /** Set for an input that the model itself holds a value for, and so need not be given. */
  readonly hasDefault?: boolean;
}

/** How a dataset of an HDF5 file is stored. */
export interface StorageDescription {
  readonly layout: 'compact' | 'contiguous' | 'chunked' | 'virtual' | 'external';
  /** Extents of a chunk. */
  readonly chunk?: readonly number[];
  /** The extents that it may grow to, `null` where nothing limits it; absent where it cannot grow. */
  readonly maxShape?: readonly (number | null)[];
  /** What chunks went through, in that order, such as `shuffle` and `deflate 4`. */
  readonly filters?: readonly string[];
}

/** A variable of a MATLAB file, or a group, dataset, link or attribute of an HDF5 file, and what is in it. */
export interface VariableDescription {
  /** Of a variable or a field; of a cell its place, such as `{2}`; of an attribute with `@` in front. */
  readonly name: string;
  /** Its class, such as `double` or `struct`, or its type, such as `int16 big-endian`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** What its elements take, in bytes, where they are numbers. */
  readonly sizeBytes?: number;
  /** The elements of a small attribute, the last index fastest; long texts are cut, and end with `…`. */
  readonly values?: readonly (number | string | boolean)[];
  /** How a dataset is stored; absent where its elements simply follow each other. */
  readonly storage?: StorageDescription;
  /** Fields and cells, members and attributes; absent where there are none, or were too many to look at. */
  readonly children?: readonly VariableDescription[];
}

/** A file in an archive or folder. */
export interface MemberDescription {
  readonly path: string;
  readonly sizeBytes: number;
  /** Size in the archive; absent in a folder. */
  readonly storedBytes?: number;
  /** `stored`, `deflated` or `method N`; absent in a folder. */
  readonly compression?: string;
  /** What it was found to be, where that was looked at. */
  readonly format?: string;
}

/** Something that a careful reader should know; the file is readable all the same. */
export interface InspectionWarning {
  /** Stable, such as `external-data-escapes`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

/** What a file or folder holds, told without loading its weights. Plain JSON, but for a list of tensors. */
export interface FormatInspection extends FormatDetection {
  /** Of the file, or of all files of a folder together. */
  readonly sizeBytes: number;
  /** The few facts that one line would show; the keys depend on the format. */
  readonly summary: { readonly [key: string]: JsonValue };
  readonly inputs?: readonly ModelValue[];
  readonly outputs?: readonly ModelValue[];
  /** All of them, or of very many the first ones: {@link FormatInspection.tensorList} has the rest. */
  readonly tensors?: readonly TensorDescription[];
  /** Every tensor, where there are too many to be held as objects. */
  readonly tensorList?: TensorList;
  readonly variables?: readonly VariableDescription[];
  /** Free text pairs that the file carries. */
  readonly metadata?: { readonly [key: string]: string };
  readonly members?: readonly MemberDescription[];
  readonly warnings?: readonly InspectionWarning[];
}

/** What an inspector of one format adds to a detection. */
export type InspectionFacts = Omit<FormatInspection, 'format' | 'sizeBytes' | 'evidence' | 'summary'> & {
  readonly summary?: FormatInspection['summary'];
};
