import { describe, expect, it } from 'vitest';
import type { Contender } from './benchmark.ts';
import { measureContest } from './measure-contest.ts';

const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };

describe('measureContest', () => {
  it('lets contenders take turns, each repetition beginning with another one, and warms up first', async () => {
    const order: string[] = [];
    const contender = (name: string): Contender => ({
      name,
      run: async (turn) => {
        order.push(name);
        turn.record(order.length);
      },
    });
    const contest = {
      ...nothing,
      ours: contender('ours'),
      peers: [contender('peer')],
      limit: contender('limit'),
    };
    const figures = await measureContest(contest, { repetitions: 2 });
    expect(order).toEqual(['ours', 'peer', 'limit', 'peer', 'limit', 'ours', 'limit', 'ours', 'peer']);
    expect(figures.ours.values).toEqual([6, 8]);
    expect(figures.peers[0]?.values).toEqual([4, 9]);
    expect(figures.limit?.median).toBe(6);
  });

  it('refuses a contender that measures nothing', async () => {
    const contest = { ...nothing, ours: { name: 'ours', run: () => Promise.resolve() }, peers: [] };
    await expect(measureContest(contest, { repetitions: 1 })).rejects.toThrow('measured nothing');
  });
});
