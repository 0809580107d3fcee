import {
  type Entity,
  type Model,
  type ModelFilter,
  type ModelOrderField,
  type ModelVersion,
  type ModelVersionFilter,
  type ModelVersionOrderField,
  type Repositories,
  type Repository,
  type Tags,
  changeTags,
} from '@holdfast/domain';
import { sampleId, sampleModel, sampleTime, sampleVersion } from './sample-records.ts';

/** A kind of record, for the cases that every repository has to pass. */
export interface RepositorySubject<T extends Entity & { readonly tags: Tags }, Filter, Order extends string> {
  readonly noun: string;
  readonly repositoryOf: (repositories: Repositories) => Repository<T, Filter, Order>;
  /** A new record; every number gives another one. */
  readonly make: (number: number) => T;
  /** A record with other tags. */
  readonly retag: (record: T, tags: Tags) => T;
  /** Whether a deleted record may be made again as it was. */
  readonly canBeRemade: boolean;
  readonly filterByTags: (tags: Tags) => Filter;
  readonly orders: readonly Order[];
  /** What a record is ordered by. */
  readonly orderValueOf: (record: T, field: Order) => string | number;
}

const owner = { id: sampleId(500_000), name: 'owner' };

/** Models, as a kind of record. */
export const modelSubject: RepositorySubject<Model, ModelFilter, ModelOrderField> = {
  noun: 'model',
  repositoryOf: (repositories) => repositories.models,
  make: (number) => sampleModel(number),
  retag: (model, tags) => ({ ...model, tags, updatedAt: sampleTime(9_000) }),
  canBeRemade: true,
  filterByTags: (tags) => ({ tags }),
  orders: ['name', 'createdAt', 'updatedAt'],
  orderValueOf: (model, field) => model[field],
};

/** Versions, as a kind of record. */
export const versionSubject: RepositorySubject<ModelVersion, ModelVersionFilter, ModelVersionOrderField> = {
  noun: 'version',
  repositoryOf: (repositories) => repositories.versions,
  make: (number) => sampleVersion(owner, number),
  retag: (version, tags) => changeTags(version, tags, { now: sampleTime(9_000) }),
  canBeRemade: false,
  filterByTags: (tags) => ({ tags }),
  orders: ['number', 'createdAt', 'updatedAt'],
  orderValueOf: (version, field) => version[field],
};
