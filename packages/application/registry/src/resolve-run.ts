import { InvalidValueError, type TrainingRun, type TrainingRunRepository } from '@holdfast/domain';
import type { StorageError } from '@holdfast/ports';
import { notFound } from './registry-error.ts';

const shortestPrefix = 8;
const mostNamed = 10;

/**
 * Finds a run by its id, or by the beginning of it.
 *
 * @throws StorageError `not-found`.
 * @throws InvalidValueError when several ids begin so.
 */
export async function resolveRun(runs: TrainingRunRepository, text: string): Promise<TrainingRun> {
  const exact = await runs.collection.findById(text);
  if (exact !== undefined) return exact;
  if (text.length < shortestPrefix || !/^[\da-f-]+$/i.test(text)) throw noRun(text);
  const { items, next } = await runs.findByIdPrefix(text.toLowerCase(), { limit: mostNamed });
  const [found, ...others] = items;
  if (found === undefined) throw noRun(text);
  if (others.length === 0) return found;
  const names = items.map(({ id, name }) => (name === '' ? id : `${id} (${name})`)).join(', ');
  throw new InvalidValueError({
    field: 'run',
    value: text,
    reason: `is the beginning of several ids: ${names}${next === undefined ? '' : ' and more'}`,
    hint: 'Write more characters of the id.',
  });
}

/** The error for a run that does not exist. */
export function noRun(id: string): StorageError {
  return notFound(
    `There is no run ${id}.`,
    `List the runs of an experiment: holdfast run ls EXPERIMENT. Of an id, the first ${shortestPrefix} characters or more are enough.`,
  );
}
