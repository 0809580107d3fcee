import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { Entity } from './model.ts';
import { parseTitle, readDescription, readTags } from './records/read-fields.ts';
import type { RecordDescriptor } from './records/record-descriptor.ts';
import { type Tags, parseTags } from './tags.ts';

/** What training runs try out together. */
export interface Experiment extends Entity {
  /** Unique among experiments. */
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
}

/** What an experiment begins with. */
export interface NewExperiment {
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly now: UtcTimestamp;
}

/**
 * Makes an experiment that was not saved yet.
 *
 * @throws InvalidValueError when the name or a tag cannot be.
 */
export function createExperiment({ id, name, description = '', tags = {}, now }: NewExperiment): Experiment {
  return {
    id,
    revision: 0,
    createdAt: now,
    updatedAt: now,
    name: parseTitle('experiment', name),
    description,
    tags: parseTags(tags),
  };
}

/** Experiments as a collection of records. */
export const experiments: RecordDescriptor<Experiment, 'name'> = {
  kind: 'experiment',
  noun: 'experiment',
  fields: { name: { type: 'text', of: ({ name }) => name } },
  unique: [['name']],
  order: { field: 'name', direction: 'ascending' },
  parse: (document) => ({
    ...document,
    name: parseTitle('experiment', document['name']),
    description: readDescription(document),
    tags: readTags(document),
  }),
};
