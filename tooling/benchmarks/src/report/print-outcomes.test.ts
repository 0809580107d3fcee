import { describe, expect, it } from 'vitest';
import type { Benchmark } from '../framework/benchmark.ts';
import { Figure, type Outcome } from '../framework/figure.ts';
import { atMost, excessOfAtMost, lessThanPeer, ratioOfAtMost } from '../framework/target.ts';
import { printOutcomes } from './print-outcomes.ts';

const benchmark: Benchmark = {
  name: 'put',
  group: 'objects',
  work: 'put',
  quantity: 'time',
  amount: { full: { count: 100, unit: 'objects' }, quick: { count: 10, unit: 'objects' } },
  conditions: { atOnce: 16, processState: 'warm', fileCache: 'warm', synced: 'all', buffer: 'ours' },
  prepare: () => Promise.reject(new Error('not prepared')),
};

function rowsOf(
  changes: Partial<Benchmark>,
  ours: readonly number[],
  peers: readonly number[],
): readonly string[][] {
  const outcome: Outcome = {
    benchmark: { ...benchmark, ...changes },
    amount: benchmark.amount.full,
    ours: new Figure('Holdfast', ours),
    peers: peers.map((value) => new Figure('peer', [value])),
    limit: new Figure('limit', [1]),
  };
  const lines = printOutcomes([outcome]).split('\n').slice(2);
  return lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('printOutcomes', () => {
  it('compares medians and tells the spread and the rate', () => {
    expect(rowsOf({ target: ratioOfAtMost(0.5) }, [50, 10, 20], [40])).toEqual([
      [
        'put',
        '20 ms (10 ms–50 ms), 5,000/s',
        'peer: 40 ms (40 ms–40 ms), 2,500/s',
        '0.50',
        '≤ 0.5',
        'reached',
        'limit: 1 ms (1 ms–1 ms), 100,000/s',
      ],
    ]);
  });

  it('has a row for each peer', () => {
    expect(rowsOf({ target: lessThanPeer }, [20], [20, 30]).map((row) => row.slice(3, 6))).toEqual([
      ['1.00', '< 1', 'missed'],
      ['0.67', '< 1', 'reached'],
    ]);
  });

  it('tells of a peer without a target what it needed', () => {
    const outcome: Outcome = {
      benchmark: { ...benchmark, quantity: 'cpu-time', target: ratioOfAtMost(1.1) },
      amount: benchmark.amount.full,
      ours: new Figure('Holdfast', [30]),
      peers: [new Figure('peer', [20], { isTold: true })],
      limit: undefined,
    };
    expect(printOutcomes([outcome])).toContain(
      '| 30 ms (30 ms–30 ms) | peer: 20 ms (20 ms–20 ms) | 1.50  | reported | –       |',
    );
  });

  it('holds our own figure to its target, whatever is told of a peer', () => {
    const outcome: Outcome = {
      benchmark: { ...benchmark, quantity: 'memory', target: atMost(2 * 1_048_576) },
      amount: benchmark.amount.full,
      ours: new Figure('Holdfast', [3 * 1_048_576]),
      peers: [new Figure('peer', [1_048_576], { isTold: true })],
      limit: undefined,
    };
    expect(printOutcomes([outcome])).toContain('| 3.00  | ≤ 2 MiB | missed  |');
  });

  it('tells what is over a peer', () => {
    const [row] = rowsOf({ target: excessOfAtMost(60) }, [100], [30]);
    expect(row?.slice(1, 2)).toEqual(['100 ms (100 ms–100 ms), 1,000/s, 70 ms over it']);
    expect(row?.slice(4, 6)).toEqual(['≤ 60 ms over it', 'missed']);
  });

  it('tells memory without a peer, and figures without a target', () => {
    const memory = rowsOf({ quantity: 'memory', target: atMost(64 * 1_048_576) }, [5 * 1_048_576], []);
    expect(memory[0]?.slice(1, 6)).toEqual(['5 MiB (5 MiB–5 MiB)', '–', '–', '≤ 64 MiB', 'reached']);
    expect(rowsOf({}, [20], [])[0]?.slice(4, 6)).toEqual(['reported', '–']);
  });
});
