import type { RecordCollection } from './records/record-collection.ts';
import type { BestQuery, SeriesCollection } from './records/series-collection.ts';
import type { Repositories } from './registry-store.ts';
import type { Page } from './repository.ts';
import { type RunStatus, type TrainingRun, runMetrics, trainingRuns } from './training-run.ts';

type Field = keyof typeof trainingRuns.fields;

/** Which part of a listing of runs is asked for. */
export interface RunsQuery {
  readonly status?: RunStatus | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** How runs are compared. */
export interface BestRunQuery {
  /** `ascending` when less is better, as of a loss. */
  readonly direction: 'ascending' | 'descending';
  /** @default 'last' */
  readonly of?: BestQuery<Field>['of'] | undefined;
  /** @default 1 */
  readonly limit?: number | undefined;
}

/** A run with what counts of a metric. */
export interface RankedRun {
  readonly run: TrainingRun;
  readonly value: number;
}

/** What people ask of runs, beyond what every collection answers. */
export class TrainingRunRepository {
  readonly collection: RecordCollection<TrainingRun, Field>;
  readonly metrics: SeriesCollection<Field>;

  constructor({ records, series }: Pick<Repositories, 'records' | 'series'>) {
    this.collection = records.of(trainingRuns);
    this.metrics = series.of(runMetrics);
  }

  /** The runs of an experiment, newest first; trials come with {@link findTrials}. */
  findByExperiment(experimentId: string, { status, ...page }: RunsQuery = {}): Promise<Page<TrainingRun>> {
    return this.collection.findAll({ filter: { experimentId, parentId: null, status }, ...page });
  }

  /** The trials of a run, newest first. */
  findTrials(parentId: string, { status, ...page }: RunsQuery = {}): Promise<Page<TrainingRun>> {
    return this.collection.findAll({ filter: { parentId, status }, ...page });
  }

  /** The runs whose id begins with a text, newest first. */
  findByIdPrefix(prefix: string, page: Omit<RunsQuery, 'status'> = {}): Promise<Page<TrainingRun>> {
    return this.collection.findAll({ filter: { id: { startsWith: prefix } }, ...page });
  }

  /** The run of an experiment that was started last. */
  findLatest(experimentId: string): Promise<TrainingRun | undefined> {
    return this.collection.find({ experimentId, parentId: null });
  }

  /** The best runs of an experiment by a metric, trials among them. A metric that is NaN does not count. */
  async findBest(
    experimentId: string,
    metric: string,
    { direction, of = 'last', limit = 1 }: BestRunQuery,
  ): Promise<readonly RankedRun[]> {
    const ranked = await this.metrics.findBest(metric, { of, direction, limit, filter: { experimentId } });
    const runs = await Promise.all(
      ranked.map(async ({ owner, value }) => ({ run: await this.collection.findById(owner), value })),
    );
    return runs.flatMap(({ run, value }) => (run === undefined ? [] : [{ run, value }]));
  }
}
