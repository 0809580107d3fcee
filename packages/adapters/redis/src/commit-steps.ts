import { randomUUID } from 'node:crypto';
import { type OperationContext, StorageError } from '@holdfast/ports';
import type { StoreTools } from './store-tools.ts';
import type { CommitOutcome, CommitStep } from './store/commit-step.ts';

/** How a commit is made. */
export interface CommitOrder {
  readonly context: OperationContext;
  readonly signal: AbortSignal | undefined;
}

type Settled = CommitOutcome & { readonly isUnsettled: boolean };

/**
 * Commits steps together, and answers what became of each: `written`, `deleted` or `absent`.
 *
 * Only what was lost on its way is sent again, under the mark of its ticket: an earlier sending that arrives late
 * finds the mark and does nothing.
 *
 * @throws StorageError by the condition that did not hold, `indeterminate` when it cannot be told whether it happened.
 */
export async function commitSteps(
  tools: StoreTools,
  steps: readonly CommitStep[],
  order: CommitOrder,
): Promise<readonly string[]> {
  const { context, signal } = order;
  const [first] = steps;
  if (first === undefined) return [];
  const id = randomUUID();
  const only = steps.length === 1 ? first : undefined;
  const settle = settling(tools, { only, id }, order);
  const run = { signal, isCommit: true, ...(settle === undefined ? {} : { settle }) };
  const outcome = await tools.runner.run<Settled>(context, run, async (attempt, { isUnsettled }) => {
    const ticket = { id, isMarked: only === undefined || isUnsettled };
    return { ...(await tools.store.commit(steps, ticket, attempt)), isUnsettled };
  });
  return resultsOf(outcome, steps, context);
}

interface Ticketed {
  readonly only: CommitStep | undefined;
  readonly id: string;
}

/** How it is found out whether a commit has happened whose answer was lost; not at all where it does not matter. */
function settling(
  { store, runner }: StoreTools,
  { only, id }: Ticketed,
  { context, signal }: CommitOrder,
): (() => Promise<Settled | undefined>) | undefined {
  const read = async <T>(work: (attempt: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await runner.run(context, { signal }, work);
    } catch (error) {
      throw unknown(context, 'the store cannot be read to find out', error);
    }
  };
  const done = (result: string): Settled => ({ kind: 'done', results: [result], isUnsettled: true });
  if (only === undefined) {
    return async () =>
      (await read((attempt) => store.hasCommitted(id, attempt)))
        ? { kind: 'repeated', isUnsettled: true }
        : undefined;
  }
  if (only.kind === 'delete' && only.ifMatch === undefined) return undefined;
  return async () => {
    const found = (await read((attempt) => store.head(only.key, context, attempt)))?.info.etag;
    if (only.kind === 'delete') {
      if (found === undefined) return done('deleted');
      if (found === only.ifMatch) return undefined;
    } else {
      const { mode, info } = only;
      if (found === info.etag) return done('written');
      if (mode === 'overwrite') return undefined;
      if (mode === 'create' ? found === undefined : found === mode.ifMatch) return undefined;
    }
    throw unknown(context, 'another state is there now', undefined);
  };
}

function resultsOf(
  outcome: Settled,
  steps: readonly CommitStep[],
  context: OperationContext,
): readonly string[] {
  if (outcome.kind === 'repeated') return steps.map(({ kind }) => (kind === 'put' ? 'written' : 'deleted'));
  if (outcome.kind === 'done') {
    const { results, isUnsettled } = outcome;
    return isUnsettled ? results.map((one) => (one === 'absent' ? 'deleted' : one)) : results;
  }
  const step = steps[outcome.step];
  const named = { ...context, ...(step === undefined ? {} : { key: step.key }) };
  if (outcome.kind === 'expired') throw expired(named);
  if (outcome.isUnsettled) throw unknown(named, 'another state is there now', undefined);
  const isCreate = step?.kind === 'put' && step.mode === 'create';
  throw new StorageError({ ...named, code: isCreate ? 'already-exists' : 'precondition-failed' });
}

function expired(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'temporary',
    message: 'The server has dropped bytes of the object before it was whole; nothing was written.',
    hint: 'Try again. If it happens again, look at maxmemory-policy, or raise keep.stagedMs of the store.',
  });
}

function unknown(context: OperationContext, why: string, cause: unknown): StorageError {
  return new StorageError({
    ...context,
    code: 'indeterminate',
    message: `The answer to a write was lost, and ${why}.`,
    hint: 'Read the object before you try again.',
    cause,
  });
}
