import {
  type Digest,
  type Model,
  ModelStorageInfo,
  type Repositories,
  type RegistryStore,
  createModel,
  createReadyVersion,
  digestOfHex,
  utcTimestamp,
  versionOwner,
} from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import fc from 'fast-check';

/** Texts that databases order, compare or keep in ways of their own. */
const texts = [
  '',
  'a',
  'A',
  'ä',
  'ﬁ',
  'K',
  '%',
  '_',
  '\\',
  '\0',
  '\u0001',
  '\u0001\u0002',
  '😀',
  '\uFFFF',
  ' a ',
  "'",
];
const names = ['a', 'B', 'a-b', 'a_b', 'a.b', 'A', 'team/a', 'team/B', 'teamx', 'z'];
const statuses = ['pending', 'ready', 'failed', 'deprecated', 'archived'] as const;

/** One call to a registry: what it does is told by its kind, whom it concerns by numbers and texts. */
export interface RegistryStep {
  readonly kind: keyof typeof stepKinds;
  readonly which: number;
  readonly other: number;
  readonly text: string;
  readonly more: string;
}

const text = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 2_000, maxLength: 2_400 }),
);

/** Any call, or any unit of work made of some. */
export function registryHistories(): fc.Arbitrary<readonly (RegistryStep | RegistryUnit)[]> {
  const step: fc.Arbitrary<RegistryStep> = fc.record({
    kind: fc.constantFrom(...(Object.keys(stepKinds) as (keyof typeof stepKinds)[])),
    which: fc.nat(3),
    other: fc.nat(4),
    text,
    more: text,
  });
  const unit = fc.record({ steps: fc.array(step, { maxLength: 6 }), isGivenUp: fc.boolean() });
  return fc.array(fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: unit }), {
    maxLength: 40,
  });
}

/** A unit of work, given up at its end or not. */
export interface RegistryUnit {
  readonly steps: readonly RegistryStep[];
  readonly isGivenUp: boolean;
}

/** Does a step, and answers what came of it: a value, or the code of the error. */
export async function take(one: RegistryStep | RegistryUnit, store: RegistryStore): Promise<unknown> {
  if ('kind' in one) return outcomeOf(() => stepKinds[one.kind](store.repositories, one));
  const outcomes: unknown[] = [];
  const ended = await outcomeOf(() =>
    store.unitOfWork(async (repositories) => {
      for (const step of one.steps)
        outcomes.push(await outcomeOf(() => stepKinds[step.kind](repositories, step)));
      if (one.isGivenUp) throw new Error('given up');
    }),
  );
  return [outcomes, ended];
}

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (StorageError.isInstance(error)) return { refused: error.code };
    if (error instanceof Error && error.message === 'given up') return 'given up';
    throw error;
  }
}

/** Names are bounded; values of tags are not. */
const shortened = (long: string): string => Array.from(long).slice(0, 40).join('');

type Take = (repositories: Repositories, step: RegistryStep) => Promise<unknown>;

const timeOf = (second: number) => utcTimestamp(Date.UTC(2026, 0, 1) + second * 1_000);
const digestOf = (number: number): Digest => digestOfHex(String(number).padStart(64, '0'));
const tagsOf = ({ text: first, more }: RegistryStep) => ({ first, ...(more === '' ? {} : { more }) });
const nameOf = (number: number): string => names[number % names.length] ?? 'a';

function modelOf(step: RegistryStep, revision: number): Model {
  const model = createModel({
    id: `m${step.which}`,
    name: nameOf(step.which * 3 + step.other),
    now: timeOf(step.other),
  });
  return { ...model, revision, description: step.text, tags: tagsOf(step) };
}

function versionOf(step: RegistryStep) {
  const { which, other } = step;
  const checksum = digestOf(other);
  const version = createReadyVersion({
    id: `v${which}-${other}`,
    modelId: `m${which}`,
    modelName: nameOf(which),
    number: other + 1,
    artifactKind: 'file',
    storage: ModelStorageInfo.memory({
      storagePath: 'a',
      storeName: 'lake',
      format: 'onnx',
      sizeBytes: 7,
      checksum,
    }),
    totalSizeBytes: 7,
    fileCount: 1,
    metrics: {},
    parameters: {},
    lineage: [],
    verdict: 'unscanned',
    tags: tagsOf(step),
    now: timeOf(which),
  });
  return { ...version, status: statuses[(which + other) % statuses.length] ?? 'ready' };
}

const stepKinds = {
  saveNewModel: ({ models }, step) => models.save(modelOf(step, 0)),
  saveModel: async ({ models }, step) =>
    models.save(
      modelOf(step, ((await models.findById(`m${step.which}`))?.revision ?? 0) + (step.other === 4 ? 1 : 0)),
    ),
  deleteModel: ({ models }, { which, other }) => models.delete(`m${which}`, other === 4 ? 99 : undefined),
  reserveNumber: ({ models }, { which }) => models.reserveNumber(nameOf(which)),
  findModels: async ({ models }, { text: nameContains, more }) => [
    await pagesOf((page) => models.findAll({ ...page, filter: { nameContains } })),
    await pagesOf((page) => models.listSummaries({ ...page, filter: { tags: { first: more } } })),
    await models.count({ namePrefix: nameContains }),
    await models.findByName(more),
  ],
  saveNewVersion: ({ versions }, step) => versions.save(versionOf(step)),
  saveVersion: async ({ versions }, step) => {
    const found = await versions.findById(`v${step.which}-${step.other}`);
    return found === undefined
      ? undefined
      : versions.save({ ...found, status: 'deprecated', tags: tagsOf(step) });
  },
  moveVersion: async ({ versions }, { which, other }) => {
    const [found] = (await versions.findAll({ filter: { modelId: `m${which}` } })).items;
    return found === undefined ? undefined : versions.save({ ...found, number: other + 1 });
  },
  deleteVersion: ({ versions }, { which, other }) => versions.delete(`v${which}-${other}`),
  findVersions: async ({ versions }, { which, other, text: first }) => [
    await pagesOf((page) =>
      versions.findAll({
        ...page,
        order: { field: 'number', direction: 'descending' },
        filter: { tags: { first } },
      }),
    ),
    await versions.findLatest(`m${which}`),
    await versions.findByNumber(`m${which}`, other),
    await versions.count({ modelId: `m${which}`, status: 'ready', digest: digestOf(other) }),
  ],
  moveAlias: async ({ aliases }, { which, other, text: given }) => {
    const name = shortened(given);
    const found = await aliases.find(`m${which}`, name);
    const expectedRevision = (found?.revision ?? 0) + (other === 4 ? 1 : 0);
    const to = other === 0 ? undefined : other;
    return aliases.move({ modelId: `m${which}`, name, to, expectedRevision, now: timeOf(other) });
  },
  findAliases: async ({ aliases }, { which, other, text: name }) => [
    await aliases.findByModel(`m${which}`),
    await aliases.findByVersion(`m${which}`, other),
    await aliases.findHistory(`m${which}`, shortened(name)),
  ],
  putLease: ({ objects }, { which, other }) =>
    objects.putLease({ id: `l${which}`, digest: digestOf(other), expiresAt: timeOf(which * 2) }),
  endLeases: async ({ objects }, { which, other }) => [
    await objects.deleteLeases([`l${which}`, 'none']),
    await objects.deleteLapsedLeases(timeOf(other)),
    await objects.findLease(`l${other}`),
  ],
  refer: ({ objects }, { which, other }) =>
    objects.addReferences(versionOwner(`v${which}-${other}`), [
      digestOf(other),
      digestOf(which),
      digestOf(other),
    ]),
  dereference: ({ objects }, { which, other }) =>
    objects.deleteReferences(versionOwner(`v${which}-${other}`)),
  putLocation: ({ objects }, { which, other, text: storeName, more: key }) =>
    objects.putLocation({
      digest: digestOf(other),
      storeName: shortened(storeName),
      key,
      sizeBytes: Number.MAX_SAFE_INTEGER - which,
      verifiedAt: timeOf(which),
      state: which === 3 ? 'corrupt' : 'verified',
    }),
  noteVerified: async ({ objects }, { other }) =>
    objects.noteVerified(await objects.findLocations(digestOf(other)), timeOf(other)),
  deleteLocation: ({ objects }, { other, text: storeName }) =>
    objects.deleteLocation(digestOf(other), shortened(storeName)),
  findObjects: async ({ objects }, { which, other }) => [
    await pagesOf((page) => objects.listLocations({ ...page, notVerifiedSince: timeOf(other) })),
    await pagesOf((page) => objects.listUnlocated(page)),
    await objects.measureLocations({ state: 'verified' }),
    await objects.findUnreferenced([0, 1, 2, 3, 4].map(digestOf)),
    await objects.findReferences(versionOwner(`v${which}-${other}`)),
    await objects.findOwners(digestOf(other)),
  ],
  condemn: async ({ objects }, { which, other, text: by }) => {
    const options = { now: timeOf(other), by, storeNames: ['b', 'a', by] };
    return (await objects.condemn([digestOf(other), digestOf(which)], options)).toSorted();
  },
  takeOver: ({ objects }, { other, text: by, more }) =>
    objects.takeOver(digestOf(other), { by, storeNames: [more, 'a'] }),
  absolve: async ({ objects }, { other }) => {
    const condemned = await objects.findCondemnation(digestOf(other));
    return [await objects.absolve([digestOf(other)], condemned?.by ?? ''), await objects.listCondemned()];
  },
  hold: async ({ archive }, { which }) => [
    await archive.holdNeeded(`h${which}`, timeOf(9)),
    await archive.renewHold('h1', timeOf(10)),
    await archive.countHold('h1'),
    await archive.countHold('H1'),
    which === 3 ? await archive.endHold('h1') : undefined,
  ],
} as const satisfies Record<string, Take>;

/** All items of a question, asked for in pages of two. */
export async function pagesOf<Item>(
  ask: (page: { limit: number; after?: string }) => Promise<{ items: readonly Item[]; next?: string }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const page: { items: readonly Item[]; next?: string } = await ask({
      limit: 2,
      ...(next === '' ? {} : { after: next }),
    });
    items.push(...page.items);
    next = page.next;
  }
  return items;
}
