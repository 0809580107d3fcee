import type { Contender, Contest } from './benchmark.ts';
import { Figure, type Outcome } from './figure.ts';
import { settleDisk } from './settle-disk.ts';
import { Turn } from './turn.ts';

export interface MeasureOptions {
  /** Counted ones; one more comes first, to warm up. */
  readonly repetitions: number;
  /** Told before every turn. */
  readonly onTurn?: (contender: string, repetition: number) => void;
}

/**
 * Lets contenders work in turns, so that whatever else the machine does meets all of them alike.
 * Each repetition begins with another one; the first repetition warms up and does not count.
 */
export async function measureContest(
  contest: Contest,
  options: MeasureOptions,
): Promise<Pick<Outcome, 'ours' | 'peers' | 'limit'>> {
  const { ours, peers, limit } = contest;
  const contenders = [ours, ...peers, ...(limit === undefined ? [] : [limit])];
  const values = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let repetition = 0; repetition <= options.repetitions; repetition++) {
    for (const contender of rotated(contenders, repetition)) {
      options.onTurn?.(contender.name, repetition);
      await settleDisk();
      const turn = new Turn(`${repetition}-${contenders.indexOf(contender)}`);
      await contender.run(turn);
      if (repetition > 0) values.get(contender)?.push(turn.value);
    }
  }
  const figureOf = (contender: Contender): Figure =>
    new Figure(contender.name, values.get(contender) ?? [], { isTold: contender.isTold ?? false });
  return {
    ours: figureOf(ours),
    peers: peers.map(figureOf),
    limit: limit === undefined ? undefined : figureOf(limit),
  };
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
