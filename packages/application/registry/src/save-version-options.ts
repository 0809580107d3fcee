import type { Digest, LineageNode, LineageRelation, SerializationFormat, Tags } from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import type { OnProgress } from '@holdfast/storage';

/** What a new version is to be. */
export interface SaveVersionOptions extends Cancellable {
  /** The model; made when there is none of this name. */
  readonly name: string;
  /** The store. @default the default store */
  readonly store?: string | undefined;
  /** Hold the bytes to this format; `binary` takes any. @default found out from the bytes */
  readonly format?: SerializationFormat | undefined;
  readonly tags?: Tags | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly lineage?: readonly { readonly relation: LineageRelation; readonly to: LineageNode }[];
  /** The name of the file or folder that it was made from. */
  readonly sourceName?: string | undefined;
  /** Take what links in a folder lead to, wherever it is, and folders too. @default false */
  readonly followLinks?: boolean | undefined;
  /** Take a file without bytes, or a folder without files, which is an oversight otherwise. @default false */
  readonly allowEmpty?: boolean | undefined;
  /** The digest that the file, or the manifest of the folder, must have; anything else is refused. */
  readonly expectedDigest?: Digest | undefined;
  readonly onProgress?: OnProgress | undefined;
}
