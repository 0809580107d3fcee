import type { Digest } from '../storage/digest.ts';
import type { SerializationFormat } from '../storage/serialization-format.ts';
import type { ModelVersion, VersionStatus } from './model-version.ts';
import type { Repository } from './repository.ts';
import type { ScanVerdict } from './scan-verdict.ts';
import type { Tags } from './tags.ts';

/** Which versions a question means. */
export interface ModelVersionFilter {
  readonly modelId?: string | undefined;
  readonly status?: VersionStatus | undefined;
  readonly verdict?: ScanVerdict | undefined;
  readonly format?: SerializationFormat | undefined;
  /** The digest of the version's own object: the file, or the tree manifest. */
  readonly digest?: Digest | undefined;
  /** The version carries all of these tags. */
  readonly tags?: Tags | undefined;
}

export type ModelVersionOrderField = 'number' | 'createdAt' | 'updatedAt';

/**
 * The versions of all models. The pair of model and number is unique, and that of the model's name and a number stays
 * taken after the version was removed. What a version that is ready holds, as {@link changedContent} names it, is
 * immutable: a save that changes it is refused as `invalid-argument`.
 */
export interface ModelVersionRepository extends Repository<
  ModelVersion,
  ModelVersionFilter,
  ModelVersionOrderField
> {
  findByNumber(modelId: string, number: number): Promise<ModelVersion | undefined>;
  /** The ready or deprecated version with the greatest number. */
  findLatest(modelId: string): Promise<ModelVersion | undefined>;
}
