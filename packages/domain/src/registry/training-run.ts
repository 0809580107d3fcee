import { InvalidValueError } from '../invalid-value-error.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { Entity } from './model.ts';
import {
  type StoredContent,
  parseTitle,
  readContent,
  readObjects,
  readOneOf,
  readOptionalText,
  readTags,
  readText,
  readTexts,
  readTime,
} from './records/read-fields.ts';
import type { RecordDescriptor } from './records/record-descriptor.ts';
import type { SeriesDescriptor } from './records/series-collection.ts';
import { type Tags, parseTags } from './tags.ts';

/** Where a run is in its life: only a running one takes metrics, parameters, artifacts and trials. */
export const RunStatus = {
  Running: 'running',
  Finished: 'finished',
  Failed: 'failed',
  Killed: 'killed',
} as const;

export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

/** A file that a run made. */
export interface RunArtifact extends StoredContent {
  /** Unique in its run; as `plots/loss.png`. */
  readonly path: string;
}

/** One training, or one trial of an optimisation: a run of which another one is the parent. Its metrics are series. */
export interface TrainingRun extends Entity {
  readonly experimentId: string;
  /** The run that this one is a trial of. */
  readonly parentId?: string | undefined;
  /** May be empty. */
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAt: UtcTimestamp;
  /** Absent while it runs. */
  readonly endedAt?: UtcTimestamp | undefined;
  /** A parameter is set once. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Tags;
  readonly artifacts: readonly RunArtifact[];
  /** Who started it, as far as it is known. */
  readonly by?: string | undefined;
}

/** What a run begins with. */
export interface NewTrainingRun {
  readonly id: string;
  readonly experimentId: string;
  readonly parentId?: string | undefined;
  readonly name?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Tags | undefined;
  readonly by?: string | undefined;
  readonly now: UtcTimestamp;
}

/**
 * Makes a run that runs and was not saved yet.
 *
 * @throws InvalidValueError when its name, a parameter or a tag cannot be.
 */
export function createTrainingRun(fields: NewTrainingRun): TrainingRun {
  const { id, experimentId, parentId, name = '', parameters = {}, tags = {}, by, now } = fields;
  const run: TrainingRun = {
    id,
    revision: 0,
    createdAt: now,
    updatedAt: now,
    experimentId,
    parentId,
    name: name === '' ? '' : parseTitle('run', name),
    status: RunStatus.Running,
    startedAt: now,
    parameters: {},
    tags: parseTags(tags),
    artifacts: [],
    by,
  };
  return setParameters(run, parameters, { now });
}

/**
 * Sets parameters of a run.
 *
 * @throws InvalidValueError when the run has ended, or a parameter has another value already.
 */
export function setParameters(
  run: TrainingRun,
  parameters: Readonly<Record<string, string>>,
  { now }: { readonly now: UtcTimestamp },
): TrainingRun {
  assertRunning(run);
  for (const [name, value] of Object.entries(parameters)) {
    parseTitle('parameter', name);
    const known = Object.hasOwn(run.parameters, name) ? run.parameters[name] : value;
    if (known !== value) {
      const reason = `has the value ${known} already, and a parameter is set once`;
      throw new InvalidValueError({ field: `parameter ${name}`, value, reason });
    }
  }
  return { ...run, parameters: { ...run.parameters, ...parameters }, updatedAt: now };
}

/**
 * Adds a file to a run; one of the same path is replaced.
 *
 * @throws InvalidValueError when the run has ended, or the path cannot be.
 */
export function addArtifact(
  run: TrainingRun,
  artifact: RunArtifact,
  { now }: { readonly now: UtcTimestamp },
): TrainingRun {
  assertRunning(run);
  parseArtifactPath(artifact.path);
  const others = run.artifacts.filter(({ path }) => path !== artifact.path);
  return { ...run, artifacts: [...others, artifact], updatedAt: now };
}

/**
 * Ends a run. One that has ended with the same status stays as it is.
 *
 * @throws InvalidValueError when it has ended with another status.
 */
export function endTrainingRun(
  run: TrainingRun,
  status: Exclude<RunStatus, 'running'>,
  { now }: { readonly now: UtcTimestamp },
): TrainingRun {
  if (run.status === status) return run;
  assertRunning(run);
  return { ...run, status, endedAt: now, updatedAt: now };
}

/** @throws InvalidValueError when a run has ended. */
export function assertRunning({ id, status }: TrainingRun): void {
  if (status === RunStatus.Running) return;
  throw new InvalidValueError({
    field: 'run',
    value: id,
    reason: `is ${status}: it takes nothing more`,
    hint: 'Create another run.',
  });
}

function parseArtifactPath(path: string): string {
  const segments = parseTitle('path', path).split('/');
  if (segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')) return path;
  throw new InvalidValueError({ field: 'path', value: path, reason: 'is not a relative path' });
}

/** Runs as a collection of records, newest first. */
export const trainingRuns: RecordDescriptor<
  TrainingRun,
  'experimentId' | 'parentId' | 'name' | 'status' | 'startedAt' | 'endedAt'
> = {
  kind: 'training_run',
  noun: 'run',
  fields: {
    experimentId: { type: 'text', of: (run) => run.experimentId },
    parentId: { type: 'text', of: (run) => run.parentId },
    name: { type: 'text', of: (run) => run.name },
    status: { type: 'text', of: (run) => run.status },
    startedAt: { type: 'text', of: (run) => run.startedAt },
    endedAt: { type: 'text', of: (run) => run.endedAt },
  },
  unique: [],
  order: { field: 'id', direction: 'descending' },
  references: ({ artifacts }) => artifacts.map(({ digest }) => digest),
  parse: (document) => {
    const name = readText(document, 'name');
    return {
      ...document,
      experimentId: readText(document, 'experimentId'),
      parentId: readOptionalText(document, 'parentId'),
      name: name === '' ? name : parseTitle('run', name),
      status: readOneOf(document, 'status', Object.values(RunStatus)),
      startedAt: readTime(document, 'startedAt'),
      endedAt: document['endedAt'] === undefined ? undefined : readTime(document, 'endedAt'),
      parameters: readTexts(document, 'parameters'),
      tags: readTags(document),
      artifacts: readObjects(document, 'artifacts').map((artifact) => ({
        ...readContent(artifact),
        path: parseArtifactPath(String(artifact['path'])),
      })),
      by: readOptionalText(document, 'by'),
    };
  },
};

/** The metrics of runs: one series a metric. */
export const runMetrics: SeriesDescriptor<TrainingRun, keyof typeof trainingRuns.fields> = {
  kind: 'run_metric',
  noun: 'metric',
  owner: trainingRuns,
};
