import { stat } from 'node:fs/promises';
import type { App, StoreConfiguration } from '@holdfast/composition';
import type { StorageCondition, StorageSpace } from '@holdfast/ports';
import type { StoreFailure, StoreHealth, StoreLatency } from '@holdfast/storage';
import { type OwnerFinding, findOwner } from '../../command/find-owner.ts';
import { printDuration } from '../../output/print-duration.ts';
import { printSize } from '../../output/print-size.ts';
import { type Leftovers, findLeftovers, printLeftovers } from './find-leftovers.ts';
import { type UnknownVersions, findUnknownVersions } from './find-unknown-versions.ts';
import { type HealthCheck, failedCheck } from './health-check.ts';

export interface CheckStoreOptions {
  readonly name: string;
  readonly store: StoreConfiguration;
  readonly signal: AbortSignal;
}

const littleSpaceBytes = 1_073_741_824;

/** Whether a store can be reached and written to, whose it is, how fast it answers, and what room it has. */
export async function checkStore(app: App, options: CheckStoreOptions): Promise<HealthCheck> {
  const { name, store, signal } = options;
  const subject = `store ${name}`;
  const health = await (await app.health()).check(name, { signal });
  const failure = failureOf(health);
  if (failure !== undefined) return { ...failedCheck(subject, failure), store: health };
  const place = store.backend === 'local_filesystem' ? store.root : store.backend;
  const owner = await findOwner(app, name, signal);
  if (owner === 'foreign') {
    const advice = `Configure the database that it belongs to, or another store. If that one is not used any more: holdfast registry adopt ${name}`;
    const finding = `${place}: belongs to another registry`;
    return { subject, state: 'bad', finding, advice, store: health };
  }
  const unknown = owner === 'ours' ? await findUnknownVersions(app, name, signal) : undefined;
  if (unknown !== undefined && unknown.references.length > 0)
    return { subject, state: 'bad', ...unknownFinding(place, name, unknown), store: health };
  const leftovers = await findLeftovers(app, options);
  const facts = [
    ...(health.isWritable === false ? ['read-only'] : []),
    ...(isUndecided(health) ? ['the server does not decide conditions'] : []),
    ...(await speedFacts(store, health.latency)),
    ...(isFenced(health, owner) ? [] : ['not fenced and never collected']),
    ...(health.space === undefined ? [] : [`${printSize(health.space.freeBytes)} free`]),
    ...leftoverFacts(leftovers),
  ];
  return {
    subject,
    finding: `${place}: ${facts.join(', ')}`,
    ...verdictOf(health, leftovers),
    figures: figuresOf(health, leftovers),
    store: health,
  };
}

function unknownFinding(
  place: string,
  name: string,
  { references, doubles }: UnknownVersions,
): Pick<HealthCheck, 'finding' | 'advice'> {
  const named = references.slice(0, mostNamed).join(', ');
  const others = references.length > mostNamed ? ` and ${references.length - mostNamed} more` : '';
  const twice = doubles.length === 0 ? '' : `; given out twice: ${doubles.slice(0, mostNamed).join(', ')}`;
  return {
    finding: `${place}: has versions that this registry does not know: ${named}${others}${twice}`,
    advice: `Adopt them: holdfast registry adopt ${name}; or forget them: holdfast registry forget ${name}. Until then nothing is deleted there.`,
  };
}

const mostNamed = 5;

/** A store that lets nobody write, or not this user, is whole all the same. */
function failureOf({ isReachable, isWritable, lastError }: StoreHealth): StoreFailure | undefined {
  if (isReachable && (isWritable === true || lastError?.code === 'permission-denied')) return undefined;
  return lastError;
}

async function speedFacts(
  store: StoreConfiguration,
  latency: StoreLatency | undefined,
): Promise<readonly string[]> {
  const plain = store.backend === 'local_filesystem' && store.layout === 'plain' ? ['plain files'] : [];
  const isThere = store.backend !== 'local_filesystem' || (await stat(store.root).then(Boolean, () => false));
  if (!isThere) return [...plain, 'does not exist yet; the first put creates it'];
  if (latency === undefined) return plain;
  const { of, p50Ms, p95Ms } = latency;
  return [...plain, `a ${of} takes ${printDuration(p50Ms)} (p95 ${printDuration(p95Ms)})`];
}

function leftoverFacts(leftovers: Leftovers | undefined): readonly string[] {
  return leftovers === undefined || leftovers.count === 0 ? [] : [printLeftovers(leftovers)];
}

/** Whether what keeps two writers apart is ignored or refused by the server. */
function isUndecided({ undecidedConditions = [] }: StoreHealth): boolean {
  return undecidedConditions.length > 0;
}

/** Whether a claim keeps other registries out. */
function isFenced({ undecidedConditions = [] }: StoreHealth, owner: OwnerFinding): boolean {
  return owner !== 'unfenced' && !undecidedConditions.some((condition) => fencing.has(condition));
}

const fencing: ReadonlySet<StorageCondition> = new Set(['createIfAbsent', 'replaceIfMatch']);

function verdictOf(
  health: StoreHealth,
  leftovers: Leftovers | undefined,
): Pick<HealthCheck, 'state' | 'advice'> {
  const { isWritable, space, undecidedConditions = [] } = health;
  if (isWritable === false) {
    const advice = 'It can be read and not written to: allow this user to write there, or leave it so.';
    return { state: 'notice', advice };
  }
  if (space?.freeBytes === 0) return { state: 'bad', advice: 'There is no room left: make some.' };
  if (isUndecided(health)) return { state: 'notice', advice: undecidedAdvice(undecidedConditions) };
  if (isLittle(space)) return { state: 'notice', advice: 'There is little room left.' };
  if (leftovers === undefined || leftovers.count === 0) return { state: 'good' };
  return {
    state: 'notice',
    advice: `Each ${leftovers.kind} belongs to a put that runs now, or to one that was killed; holdfast gc removes the latter.`,
  };
}

const conditionWords: Readonly<Record<StorageCondition, string>> = {
  createIfAbsent: 'create only if absent (If-None-Match)',
  replaceIfMatch: 'replace only if unchanged (If-Match)',
  deleteIfMatch: 'delete only if unchanged (If-Match)',
  conditionalCopy: 'conditions on uploads in parts and on copies',
};

function undecidedAdvice(undecided: readonly StorageCondition[]): string {
  const words = undecided.map((condition) => conditionWords[condition]).join('; ');
  const isUnfenced = undecided.some((condition) => fencing.has(condition));
  const effects = [
    ...(isUnfenced ? ['Nothing keeps another registry from saving into this store'] : []),
    ...(isUnfenced || undecided.includes('deleteIfMatch') ? ['gc deletes no objects in it'] : []),
  ];
  const effect = effects.length === 0 ? '' : ` ${effects.join(', and ')}.`;
  return `The server ignores or refuses: ${words}.${effect} Use a server or a version of it that keeps conditions.`;
}

/** A small store may have little room and much of it left. */
function isLittle(space: StorageSpace | undefined): boolean {
  if (space === undefined) return false;
  const { freeBytes, totalBytes = Number.POSITIVE_INFINITY } = space;
  return freeBytes < littleSpaceBytes && freeBytes < totalBytes / 10;
}

function figuresOf(
  { latency, space }: StoreHealth,
  leftovers: Leftovers | undefined,
): Readonly<Record<string, number>> {
  return {
    ...(latency === undefined ? {} : { p50Ms: latency.p50Ms, p95Ms: latency.p95Ms }),
    ...space,
    ...(leftovers === undefined
      ? {}
      : { leftoverCount: leftovers.count, leftoverBytes: leftovers.sizeBytes }),
  };
}
