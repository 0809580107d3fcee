import type { UtcTimestamp } from '../utc-timestamp.ts';
import { parseModelName } from './model-name.ts';
import { type ChangeOptions, type TagChange, type Tags, parseTags, withTagChanges } from './tags.ts';

/** What every record has. */
export interface Entity {
  /** A UUID, version 7. */
  readonly id: string;
  /** How often the record was saved; 0 before the first time. A save with an older revision is refused. */
  readonly revision: number;
  readonly createdAt: UtcTimestamp;
  readonly updatedAt: UtcTimestamp;
}

/** A named line of versions. */
export interface Model extends Entity {
  /** Unique among models. */
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  /** The newest changes of its tags, oldest first; absent until one was changed. */
  readonly history?: readonly TagChange[];
}

/** What a model begins with. */
export interface NewModel {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly tags?: Tags;
  readonly now: UtcTimestamp;
}

/**
 * Makes a model that was not saved yet.
 *
 * @throws InvalidValueError when the name or a tag cannot be.
 */
export function createModel(fields: NewModel): Model {
  return {
    id: fields.id,
    revision: 0,
    createdAt: fields.now,
    updatedAt: fields.now,
    name: parseModelName(fields.name),
    description: fields.description ?? '',
    tags: parseTags(fields.tags ?? {}),
  };
}

/** Replaces a model's tags and notes what changed in its history. */
export function changeModelTags(model: Model, tags: Tags, options: ChangeOptions): Model {
  const history = withTagChanges(model.history ?? [], { before: model.tags, after: tags }, options);
  return {
    ...model,
    tags: parseTags(tags),
    updatedAt: options.now,
    ...(history.length === 0 ? {} : { history }),
  };
}
