import { randomBytes, randomUUID } from 'node:crypto';
import {
  type OperationContext,
  type StorageCondition,
  StorageError,
  type StorageErrorCode,
  type WriteMode,
} from '@holdfast/ports';
import { CloudCopy } from './cloud-copy.ts';
import type { Upload, WrittenObject } from './cloud-driver.ts';
import { CloudWrite, type CloudWriteTools, defaultContentType } from './cloud-write.ts';

/** A condition that a server may ignore or refuse. */
export type ProbedCondition = StorageCondition | 'conditionsInParts';

/** Where and with what it is tried out. */
export interface ConditionProbe {
  readonly tools: CloudWriteTools;
  /** A name that no object has. */
  readonly name: string;
  readonly context: OperationContext;
  readonly signal?: AbortSignal | undefined;
}

interface Trial {
  readonly condition: ProbedCondition;
  readonly isDeclared: boolean;
  readonly refusedWith: StorageErrorCode;
  readonly work: () => Promise<unknown>;
}

/**
 * Writes an object and tries what a condition has to refuse. What happens all the same is ignored by the server; what
 * fails otherwise is not taken by it. The object is removed afterwards.
 *
 * @returns the declared conditions that the server does not decide.
 */
export async function probeConditions(probe: ConditionProbe): Promise<ReadonlySet<ProbedCondition>> {
  const { createIfAbsent, replaceIfMatch, deleteIfMatch } = probe.tools.driver.capabilities;
  const undecided = new Set<ProbedCondition>();
  if (!createIfAbsent && !replaceIfMatch && !deleteIfMatch) return undecided;
  try {
    const { etag } = await write(probe, 'overwrite');
    await write(probe, 'overwrite');
    for (const { condition, isDeclared, refusedWith, work } of trialsOf(probe, etag)) {
      if (isDeclared && !(await isRefused(work, refusedWith))) undecided.add(condition);
    }
  } finally {
    await remove(probe, undefined).catch(unlessForbidden);
  }
  return undecided;
}

/** What a server that decides conditions refuses while the state of this etag is no more. */
function trialsOf(probe: ConditionProbe, ifMatch: string): readonly Trial[] {
  const { capabilities, copiesInParts } = probe.tools.driver;
  const { createIfAbsent, replaceIfMatch, deleteIfMatch } = capabilities;
  const created = { isDeclared: createIfAbsent, refusedWith: 'already-exists' } as const;
  const replaced = { isDeclared: replaceIfMatch, refusedWith: 'precondition-failed' } as const;
  const deleted = { isDeclared: deleteIfMatch, refusedWith: 'precondition-failed' } as const;
  const trials: readonly Trial[] = [
    { condition: 'createIfAbsent', ...created, work: () => write(probe, 'create') },
    { condition: 'replaceIfMatch', ...replaced, work: () => write(probe, { ifMatch }) },
    { condition: 'conditionsInParts', ...created, work: () => writeInParts(probe, 'create') },
    { condition: 'conditionsInParts', ...replaced, work: () => writeInParts(probe, { ifMatch }) },
    { condition: 'conditionalCopy', ...created, work: () => copy(probe, 'create') },
    { condition: 'conditionalCopy', ...replaced, work: () => copy(probe, { ifMatch }) },
    { condition: 'deleteIfMatch', ...deleted, work: () => remove(probe, ifMatch) },
  ];
  return copiesInParts === true ? trials.filter(({ condition }) => condition !== 'conditionalCopy') : trials;
}

async function isRefused(work: () => Promise<unknown>, expected: StorageErrorCode): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (StorageError.isInstance(error, expected)) return true;
    if (StorageError.isInstance(error) && notTaken.has(error.code)) return false;
    throw error;
  }
}

const notTaken: ReadonlySet<StorageErrorCode> = new Set([
  'unsupported',
  'invalid-argument',
  'permission-denied',
]);

/** Other bytes each time: the etags of some servers are of the bytes. */
async function write(
  { tools, name, context, signal }: ConditionProbe,
  mode: WriteMode,
): Promise<WrittenObject> {
  const body = randomBytes(16);
  return (await new CloudWrite(tools, { name, body, options: { mode, signal }, context }).run()).written;
}

async function writeInParts(probe: ConditionProbe, mode: WriteMode): Promise<WrittenObject> {
  const { tools, name, context, signal } = probe;
  const { driver, runner } = tools;
  const bytes = randomBytes(16);
  const sizeBytes = bytes.byteLength;
  const described = { metadata: {}, attemptId: randomUUID(), writtenMs: tools.clock.now() };
  const metadata = tools.metadata.encode(described) ?? {};
  const upload: Upload = { name, mode, contentType: defaultContentType, metadata, sizeBytes };
  const send = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    runner.run(context, { signal }, work);
  const uploadId = await send((attempt) => driver.beginParts(upload, { signal: attempt }));
  try {
    const part = { uploadId, number: 1, offset: 0, bytes, isLast: true };
    const receipts = [await send((attempt) => driver.putPart(upload, part, { signal: attempt }))];
    const finished = { uploadId, receipts, sizeBytes };
    return await send((attempt) => driver.completeParts(upload, finished, { signal: attempt }));
  } catch (error) {
    await tools.cleanUp(() =>
      runner.run(context, {}, (attempt) => driver.abortParts(upload, uploadId, { signal: attempt })),
    );
    throw error;
  }
}

/** Copies the object onto itself. */
function copy({ tools, name, context, signal }: ConditionProbe, mode: WriteMode): Promise<unknown> {
  return new CloudCopy(tools, { from: name, to: name, options: { mode, signal }, context }).run();
}

/** Asks the server at once: what is looked at before would hide that it does not decide. */
function remove({ tools, name, context }: ConditionProbe, ifMatch: string | undefined): Promise<unknown> {
  return tools.runner.run(context, {}, (signal) => tools.driver.remove(name, { ifMatch, signal }));
}

/** A user who may write and not delete can go on. */
function unlessForbidden(error: unknown): void {
  if (!StorageError.isInstance(error, 'permission-denied')) throw error;
}
