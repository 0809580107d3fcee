import {
  type Model,
  type ModelFilter,
  type ModelSummary,
  type ModelVersion,
  type Repositories,
  type Tags,
  type VersionStatus,
  compareKeys,
} from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleRandom } from './sample-random.ts';
import { sampleModel, sampleTime, sampleVersion } from './sample-records.ts';

const names = ['alpha', 'Beta', 'team/alpha', 'team/beta', 'zeta'] as const;
const statuses = ['pending', 'ready', 'failed', 'deprecated', 'archived'] as const;
const steps = [
  'save model',
  'save version',
  'save version',
  'change version',
  'delete version',
  'move alias',
  'delete model',
] as const;
const filters: readonly ModelFilter[] = [
  {},
  { tags: { stage: '0' } },
  { tags: { stage: '1', both: '1' } },
  { nameContains: 'BET' },
  { namePrefix: 'team/', tags: { stage: '1' } },
];
const orders = [
  undefined,
  { field: 'name', direction: 'ascending' },
  { field: 'updatedAt', direction: 'descending' },
] as const;

interface Step {
  readonly kind: (typeof steps)[number];
  readonly model: number;
  readonly number: number;
  readonly status: VersionStatus;
  readonly tag: number;
}

/** What the listing of models promises, for any history. */
export const summaryPropertyCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'after any history the listing is what the records say',
    run: async (context) => {
      for (let seed = 1; seed <= context.propertyRuns; seed++) {
        const { store, models } = await context.another();
        const history = randomHistory(seed);
        for (const one of history) await store.unitOfWork((repositories) => take(one, repositories));
        for (const filter of filters) {
          for (const order of orders) {
            const query = order === undefined ? { filter } : { filter, order };
            const expected = await naiveSummaries(store.repositories, filter);
            const { items } = await models.listSummaries(query);
            expect(byName(items), `history ${seed}`).toEqual(byName(expected));
            const inOrder = (await models.findAll(query)).items;
            expect(items.map(({ model }) => model)).toEqual(inOrder);
            expect(await models.count(filter)).toBe(expected.length);
          }
        }
      }
    },
  },
];

/** Up to 40 steps; the same seed gives the same ones. */
function randomHistory(seed: number): readonly Step[] {
  const next = sampleRandom(seed);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[next(values.length)] ?? values[0];
  return Array.from({ length: next(41) }, () => ({
    kind: pick(steps),
    model: next(names.length),
    number: 1 + next(4),
    status: pick(statuses),
    tag: next(2),
  }));
}

async function take(step: Step, { models, versions, aliases }: Repositories): Promise<void> {
  const given = sampleModel(step.model + 1, { name: names[step.model] ?? '' });
  const tags: Tags = { stage: String(step.tag), ...(step.number % 2 === 0 ? { both: '1' } : {}) };
  const model = await models.findById(given.id);
  const version = await versions.findByNumber(given.id, step.number);
  const now = sampleTime(step.number);
  if (step.kind === 'save model') await models.save({ ...(model ?? given), tags, updatedAt: now });
  if (step.kind === 'delete model') await models.delete(given.id);
  if (step.kind === 'save version' && version === undefined) {
    // A number whose version was removed is refused.
    await versions.save(sampleVersion(given, step.number, { status: step.status, tags })).catch(ifTaken);
  }
  if (step.kind === 'change version' && version !== undefined) {
    const status = step.status === 'pending' ? version.status : step.status;
    await versions.save({ ...version, status, tags });
  }
  if (step.kind === 'delete version' && version !== undefined) await versions.delete(version.id);
  if (step.kind === 'move alias') {
    const name = `alias-${step.tag}`;
    const expectedRevision = (await aliases.find(given.id, name))?.revision ?? 0;
    const to = expectedRevision > 0 && step.number === 4 ? undefined : step.number;
    await aliases.move({ modelId: given.id, name, to, expectedRevision, now });
  }
}

function ifTaken(error: unknown): void {
  if (!StorageError.isInstance(error, StorageErrorCode.AlreadyExists)) throw error;
}

async function naiveSummaries(
  repositories: Repositories,
  filter: ModelFilter,
): Promise<readonly ModelSummary[]> {
  const summaries: ModelSummary[] = [];
  const versions = (await repositories.versions.findAll()).items;
  for (const model of (await repositories.models.findAll()).items) {
    const own = versions.filter(({ modelId }) => modelId === model.id);
    const usable = own.filter(({ status }) => status === 'ready' || status === 'deprecated');
    const latest = usable.toSorted((a, b) => b.number - a.number)[0];
    if (!matches(model, latest, filter)) continue;
    const aliases = (await repositories.aliases.findByModel(model.id)).map(({ name, number }) => ({
      name,
      number,
    }));
    const summary = { model, versionCount: own.length, aliases };
    summaries.push(latest === undefined ? summary : { ...summary, latest: partOf(latest) });
  }
  return summaries;
}

function matches(model: Model, latest: ModelVersion | undefined, filter: ModelFilter): boolean {
  const { nameContains = '', namePrefix = '', tags = {} } = filter;
  const carries = (carried: Tags): boolean =>
    Object.entries(tags).every(([key, value]) => carried[key] === value);
  const named =
    model.name.startsWith(namePrefix) && model.name.toLowerCase().includes(nameContains.toLowerCase());
  return named && (carries(model.tags) || (latest !== undefined && carries(latest.tags)));
}

function partOf(version: ModelVersion): NonNullable<ModelSummary['latest']> {
  const { id, number, status, verdict, artifactKind, totalSizeBytes, tags, createdAt, storage } = version;
  return { id, number, status, verdict, artifactKind, totalSizeBytes, tags, createdAt, storage };
}

function byName(summaries: readonly ModelSummary[]): readonly ModelSummary[] {
  return summaries.toSorted((a, b) => compareKeys(a.model.name, b.model.name));
}
