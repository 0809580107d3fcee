import type { Alias } from './alias.ts';
import type { ModelVersion } from './model-version.ts';
import type { Model } from './model.ts';
import type { Page, Repository, RepositoryQuery } from './repository.ts';
import type { Tags } from './tags.ts';

/** Which models a question means. */
export interface ModelFilter {
  /** The name contains this text, whatever its case. */
  readonly nameContains?: string | undefined;
  /** The name begins with this text, such as a namespace with its `/`. */
  readonly namePrefix?: string | undefined;
  /** The model, or its newest version, carries all of these tags. */
  readonly tags?: Tags | undefined;
}

export type ModelOrderField = 'name' | 'createdAt' | 'updatedAt';

/** What a listing shows of a version. */
export type VersionSummary = Pick<
  ModelVersion,
  | 'id'
  | 'number'
  | 'status'
  | 'verdict'
  | 'artifactKind'
  | 'totalSizeBytes'
  | 'tags'
  | 'createdAt'
  | 'storage'
> & {
  /** How many warnings it has; absent for none. */
  readonly warningCount?: number;
};

/** A model with what people look for first. */
export interface ModelSummary {
  readonly model: Model;
  readonly versionCount: number;
  /** The ready or deprecated version with the greatest number. */
  readonly latest?: VersionSummary;
  /** Sorted by name. */
  readonly aliases: readonly Pick<Alias, 'name' | 'number'>[];
}

/** The models of a registry. Names are unique. */
export interface ModelRepository extends Repository<Model, ModelFilter, ModelOrderField> {
  findByName(name: string): Promise<Model | undefined>;
  /** Models with newest version and aliases, from one indexed query whatever their number. */
  listSummaries(query?: RepositoryQuery<ModelFilter, ModelOrderField>): Promise<Page<ModelSummary>>;
  /**
   * Takes the next version number of a name. A number is given out once,
   * even when its version is never published or the model is deleted and made again.
   */
  reserveNumber(name: string): Promise<number>;
}
