import {
  type BestRunQuery,
  type Digest,
  type Experiment,
  type KeyedPoint,
  type Page,
  type RankedRun,
  type RegistryStore,
  type Repositories,
  type RunStatus,
  type RunsQuery,
  type SeriesPoint,
  type SeriesQuery,
  type SeriesSummary,
  type Tags,
  type TrainingRun,
  TrainingRunRepository,
  addArtifact,
  assertRunning,
  createExperiment,
  createTrainingRun,
  endTrainingRun,
  experiments,
  parseActor,
  setParameters,
  utcTimestamp,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { createUuid } from './create-uuid.ts';
import { alreadyExists, forbidden, notFound } from './registry-error.ts';
import { noRun, resolveRun } from './resolve-run.ts';
import { type LoggedMetric, withSteps } from './with-steps.ts';

export interface ExperimentTrackingServiceOptions {
  readonly registry: RegistryStore;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** @default UUID version 7 */
  readonly createId?: (() => string) | undefined;
  /** Who starts runs, such as a login. @default no name */
  readonly actor?: string | undefined;
}

/** What a run begins with. */
export interface StartRunOptions {
  readonly name?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Tags | undefined;
  /** The run, of the same experiment, that this one is a trial of. */
  readonly parentId?: string | undefined;
}

/** A run with what surrounds it. */
export interface RunDetails {
  readonly run: TrainingRun;
  readonly experiment: Experiment | undefined;
  /** Sorted by name. */
  readonly metrics: readonly SeriesSummary[];
  readonly trialCount: number;
}

/**
 * Experiments, their training runs, and the metrics of these.
 *
 * Failures are `StorageError` (`not-found`, `already-exists`, `precondition-failed`, `permission-denied`, `locked`), or
 * `InvalidValueError` for a value that cannot be, and for a run that has ended.
 */
export class ExperimentTrackingService {
  readonly #registry: RegistryStore;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #actor: string | undefined;

  constructor({ registry, now = Date.now, createId = createUuid, actor }: ExperimentTrackingServiceOptions) {
    this.#registry = registry;
    this.#now = now;
    this.#createId = createId;
    this.#actor = actor === undefined ? undefined : parseActor(actor);
  }

  /** @throws StorageError `already-exists` when the name is taken. */
  async createExperiment(fields: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly tags?: Tags | undefined;
  }): Promise<Experiment> {
    const experiment = createExperiment({ ...fields, id: this.#createId(), now: this.#timestamp() });
    try {
      return await this.#registry.repositories.records.of(experiments).save(experiment);
    } catch (error) {
      if (!StorageError.isInstance(error, 'already-exists')) throw error;
      throw alreadyExists(
        `An experiment named ${experiment.name} already exists.`,
        `Choose another name, or create a run in it: holdfast run create ${JSON.stringify(experiment.name)}`,
        { cause: error },
      );
    }
  }

  /** Experiments by name, on request only those whose name begins with a text. */
  listExperiments({
    namePrefix,
    ...page
  }: { readonly namePrefix?: string | undefined } & Omit<RunsQuery, 'status'> = {}): Promise<
    Page<Experiment>
  > {
    const filter = namePrefix === undefined ? {} : { name: { startsWith: namePrefix } };
    return this.#registry.repositories.records.of(experiments).findAll({ filter, ...page });
  }

  /** @throws StorageError `not-found`. */
  findExperiment(name: string): Promise<Experiment> {
    return findExperiment(this.#registry.repositories, name);
  }

  /** @throws StorageError `not-found`; `permission-denied` while it has runs. */
  async removeExperiment(name: string): Promise<void> {
    await this.#registry.unitOfWork(async (repositories) => {
      const experiment = await findExperiment(repositories, name);
      const { collection } = new TrainingRunRepository(repositories);
      const count = await collection.count({ experimentId: experiment.id });
      if (count > 0)
        throw forbidden(
          `The experiment ${name} has ${count} ${count === 1 ? 'run' : 'runs'}.`,
          `Remove them first: holdfast run ls ${JSON.stringify(name)}, then holdfast run rm RUN`,
        );
      await repositories.records.of(experiments).delete(experiment.id, experiment.revision);
    });
  }

  /** @throws StorageError `not-found` when there is no such experiment or parent. */
  startRun(experimentName: string, options: StartRunOptions = {}): Promise<TrainingRun> {
    const id = this.#createId();
    const now = this.#timestamp();
    return this.#registry.unitOfWork(async (repositories) => {
      const { id: experimentId } = await findExperiment(repositories, experimentName);
      const { collection } = new TrainingRunRepository(repositories);
      if (options.parentId !== undefined) {
        const parent = await findRun(collection, options.parentId);
        assertRunning(parent);
        if (parent.experimentId !== experimentId)
          throw forbidden(`The run ${parent.id} belongs to another experiment than ${experimentName}.`);
      }
      return collection.save(createTrainingRun({ ...options, id, experimentId, by: this.#actor, now }));
    });
  }

  /** @throws StorageError `not-found`. */
  findRun(id: string): Promise<TrainingRun> {
    return findRun(new TrainingRunRepository(this.#registry.repositories).collection, id);
  }

  /**
   * Finds a run by its id, or by the first 8 characters of it or more.
   *
   * @throws StorageError `not-found`.
   * @throws InvalidValueError when several ids begin so.
   */
  resolveRun(text: string): Promise<TrainingRun> {
    return resolveRun(new TrainingRunRepository(this.#registry.repositories), text);
  }

  /** @throws StorageError `not-found`. */
  async describeRun(id: string): Promise<RunDetails> {
    const { repositories } = this.#registry;
    const runs = new TrainingRunRepository(repositories);
    const run = await findRun(runs.collection, id);
    const [experiment, metrics, trialCount] = await Promise.all([
      repositories.records.of(experiments).findById(run.experimentId),
      runs.metrics.summarize(id),
      runs.collection.count({ parentId: id }),
    ]);
    return { run, experiment, metrics, trialCount };
  }

  /** The runs of an experiment, newest first, without trials. */
  async listRuns(experimentName: string, query: RunsQuery = {}): Promise<Page<TrainingRun>> {
    const { id } = await this.findExperiment(experimentName);
    return new TrainingRunRepository(this.#registry.repositories).findByExperiment(id, query);
  }

  /** The trials of a run, newest first. */
  listTrials(runId: string, query: RunsQuery = {}): Promise<Page<TrainingRun>> {
    return new TrainingRunRepository(this.#registry.repositories).findTrials(runId, query);
  }

  /** The best runs of an experiment by a metric, trials among them. What is NaN does not count. */
  async bestRuns(experimentName: string, metric: string, query: BestRunQuery): Promise<readonly RankedRun[]> {
    const { id } = await this.findExperiment(experimentName);
    return new TrainingRunRepository(this.#registry.repositories).findBest(id, metric, query);
  }

  /**
   * Logs values of metrics, all or none.
   *
   * @returns what was logged, each value with its step.
   * @throws InvalidValueError when the run has ended.
   */
  logMetrics(runId: string, metrics: readonly LoggedMetric[]): Promise<readonly KeyedPoint[]> {
    const nowMs = this.#now();
    const values = metrics.map((metric) => ({ ...metric, atMs: metric.atMs ?? nowMs }));
    const needsSteps = metrics.some(({ step }) => step === undefined);
    return this.#registry.unitOfWork(async (repositories) => {
      const runs = new TrainingRunRepository(repositories);
      assertRunning(await findRun(runs.collection, runId));
      const points = withSteps(values, needsSteps ? await runs.metrics.summarize(runId) : []);
      await runs.metrics.append(runId, points);
      return points;
    });
  }

  /** The values of a metric, by step. */
  readMetric(runId: string, metric: string, query: SeriesQuery = {}): Promise<Page<SeriesPoint>> {
    return new TrainingRunRepository(this.#registry.repositories).metrics.read(runId, metric, query);
  }

  /** @throws InvalidValueError when the run has ended, or one has another value already. */
  logParameters(runId: string, parameters: Readonly<Record<string, string>>): Promise<TrainingRun> {
    return this.#change(runId, (run, now) => setParameters(run, parameters, { now }));
  }

  /**
   * Adds a file that is stored already to a run, by its digest: from then on it is kept for the run too.
   *
   * @throws StorageError `not-found` when no store is known to have it; `locked` when it is about to be deleted.
   */
  addArtifact(
    runId: string,
    artifact: { readonly path: string; readonly digest: Digest },
  ): Promise<TrainingRun> {
    return this.#change(runId, async (run, now, { objects }) => {
      const [location] = await objects.findLocations(artifact.digest);
      if (location === undefined) throw notFound(`No store is known to have ${artifact.digest}.`);
      return addArtifact(run, { ...artifact, sizeBytes: location.sizeBytes }, { now });
    });
  }

  /**
   * Ends a run. One that has ended with the same status stays as it is.
   *
   * @throws InvalidValueError when it has ended with another status.
   */
  endRun(runId: string, status: Exclude<RunStatus, 'running'> = 'finished'): Promise<TrainingRun> {
    return this.#change(runId, (run, now) => endTrainingRun(run, status, { now }));
  }

  /**
   * Removes a run with its metrics and its trials.
   *
   * @returns the ids of what was removed.
   */
  removeRun(runId: string): Promise<readonly string[]> {
    return this.#registry.unitOfWork(async (repositories) => {
      const runs = new TrainingRunRepository(repositories);
      await findRun(runs.collection, runId);
      const removed = [runId];
      for (const id of removed) {
        removed.push(...(await runs.findTrials(id)).items.map((trial) => trial.id));
        await runs.collection.delete(id);
      }
      return removed;
    });
  }

  #change(
    runId: string,
    change: (run: TrainingRun, now: string, repositories: Repositories) => TrainingRun | Promise<TrainingRun>,
  ): Promise<TrainingRun> {
    const now = this.#timestamp();
    return this.#registry.unitOfWork(async (repositories) => {
      const { collection } = new TrainingRunRepository(repositories);
      const run = await findRun(collection, runId);
      const changed = await change(run, now, repositories);
      return changed === run ? run : collection.save(changed);
    });
  }

  #timestamp(): string {
    return utcTimestamp(this.#now());
  }
}

async function findExperiment({ records }: Repositories, name: string): Promise<Experiment> {
  const found = await records.of(experiments).find({ name });
  if (found !== undefined) return found;
  const hint = `List what exists: holdfast experiment ls. Create it: holdfast experiment create ${JSON.stringify(name)}`;
  throw notFound(`There is no experiment named ${name}.`, hint);
}

async function findRun(collection: TrainingRunRepository['collection'], id: string): Promise<TrainingRun> {
  const found = await collection.findById(id);
  if (found !== undefined) return found;
  throw noRun(id);
}
