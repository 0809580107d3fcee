import { hash } from 'node:crypto';
import type { Services } from '../race/open-services.ts';

/** What one command does to a registry and its store. */
export type CrashDeed =
  | { readonly kind: 'save'; readonly model: string; readonly content: number }
  | { readonly kind: 'remove'; readonly model: string }
  | { readonly kind: 'collect' };

/** Commands that are interrupted, by name; each plan begins with what {@link prepare} makes. */
export const crashPlans: Readonly<Record<string, readonly CrashDeed[]>> = {
  publish: [
    { kind: 'save', model: 'large', content: 1 },
    { kind: 'save', model: 'small', content: 2 },
    { kind: 'save', model: 'same', content: 3 },
  ],
  remove: [
    { kind: 'remove', model: 'kept-in-part' },
    { kind: 'remove', model: 'kept' },
  ],
  collect: [{ kind: 'collect' }],
  brief: [
    { kind: 'save', model: 'large', content: 1 },
    { kind: 'remove', model: 'kept' },
    { kind: 'collect' },
  ],
  everything: [
    { kind: 'save', model: 'large', content: 1 },
    { kind: 'remove', model: 'kept' },
    { kind: 'collect' },
    { kind: 'save', model: 'small', content: 2 },
    { kind: 'save', model: 'kept', content: 3 },
    { kind: 'remove', model: 'large' },
    { kind: 'collect' },
  ],
};

/** Bytes in a file, and bytes in the index. */
export function contentOf(content: number): Uint8Array {
  return Buffer.alloc(content % 2 === 0 ? 300 : 40_000, `content ${content}`);
}

/** The versions that there are: model and digest of the bytes, sorted. */
export type Published = readonly string[];

const prepared: readonly CrashDeed[] = [
  { kind: 'save', model: 'kept', content: 3 },
  { kind: 'save', model: 'kept', content: 4 },
  { kind: 'save', model: 'kept-in-part', content: 4 },
  { kind: 'save', model: 'kept-in-part', content: 5 },
];

/** Versions that share bytes, bytes that nobody needs, a lease and a condemnation of the dead. */
export async function prepare(services: Services): Promise<void> {
  for (const deed of prepared) await runDeed(services, deed);
  const orphans = [];
  for (const content of [6, 7, 8, 9])
    orphans.push(await services.storage.save(contentOf(content), { format: 'binary' }));
  const { objects } = services.registry.repositories;
  const [leased, condemned] = orphans.map(({ checksum }) => checksum);
  if (leased === undefined || condemned === undefined) throw new Error('There are four orphans.');
  const past = '2020-01-01T00:00:00.000Z';
  await objects.putLease({ id: 'dead', digest: leased, expiresAt: past });
  await objects.condemn([condemned], { now: past, by: 'dead', storeNames: ['default'] });
}

export async function runDeed(services: Services, deed: CrashDeed): Promise<void> {
  if (deed.kind === 'save')
    await services.persistence.save(contentOf(deed.content), {
      name: deed.model,
      format: 'binary',
    });
  if (deed.kind === 'remove') await services.models.deleteModel(deed.model);
  if (deed.kind === 'collect') await Array.fromAsync(services.collection.collect({ areLeasesIgnored: true }));
}

/** The versions after each number of deeds of a plan, none of it first. */
export function publishedAfter(plan: readonly CrashDeed[]): readonly Published[] {
  let published = prepared.reduce(applyDeed, [] as Published);
  const states = [published];
  for (const deed of plan) states.push((published = applyDeed(published, deed)));
  return states;
}

/** What a deed makes of the versions. */
export function applyDeed(published: Published, deed: CrashDeed): Published {
  if (deed.kind === 'collect') return published;
  const model = deed.model;
  if (deed.kind === 'remove') return published.filter((one) => !one.startsWith(`${model} `));
  return [...published, `${model} ${hash('sha256', contentOf(deed.content))}`].toSorted();
}

/** Reads every version there is; the bytes are hashed, not taken at the registry's word. */
export async function readPublished({ registry, persistence }: Services): Promise<Published> {
  const published: string[] = [];
  for (const version of (await registry.repositories.versions.findAll()).items)
    published.push(`${version.modelName} ${hash('sha256', await persistence.load(version))}`);
  return published.toSorted();
}
