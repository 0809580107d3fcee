import type { SerializationFormat } from '@holdfast/domain';
import type { FolderEntry, FormatErrorDetails, FormatInspection, TensorListParts } from '@holdfast/formats';

/** What a worker is to look into. Bytes that are not in a local file are asked for as they are needed. */
export interface InspectionTask {
  /** Of a file. */
  readonly file?: InspectedFile | undefined;
  /** Of a folder: its files. */
  readonly entries?: readonly (FolderEntry & InspectedFile)[] | undefined;
  readonly path?: string | undefined;
  readonly format?: SerializationFormat | undefined;
}

/** A file that a worker looks into. */
export interface InspectedFile {
  readonly sizeBytes: number;
  /** Where it is on this machine, if it is. */
  readonly location?: string | undefined;
}

/** A worker's question for bytes, of the file or of one file of the folder. */
export interface BytesQuestion {
  readonly path: string | undefined;
  readonly offset: number;
  readonly length: number;
}

/** What a worker found. */
export type InspectionOutcome =
  | { readonly inspection: FormatInspection; readonly tensorList: TensorListParts | undefined }
  | { readonly broken: FormatErrorDetails };
