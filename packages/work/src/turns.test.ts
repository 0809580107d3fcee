import { describe, expect, test } from 'vitest';
import { joinSignals } from './join-signals.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { Lazy } from './lazy.ts';
import { Semaphore } from './semaphore.ts';
import { SingleFlight } from './single-flight.ts';

const turn = (): Promise<void> => new Promise(setImmediate);

describe('KeyedQueue', () => {
  test('orders what has one key, and keeps no key that is idle', async () => {
    const queue = new KeyedQueue<string>();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name}+`);
      await turn();
      seen.push(`${name}-`);
    };
    const all = [queue.run('a', work('1')), queue.run('a', work('2')), queue.run('b', work('3'))];
    expect(queue.size).toBe(2);
    await Promise.all(all);
    expect(seen.filter((step) => !step.startsWith('3'))).toEqual(['1+', '1-', '2+', '2-']);
    expect(seen.indexOf('3+')).toBeLessThan(seen.indexOf('1-'));
    await expect(queue.run('a', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(queue.size).toBe(0);
  });
});

describe('Semaphore', () => {
  test('lets a number in, then the next in order when one leaves', async () => {
    const places = new Semaphore(2);
    const [first, second] = [await places.enter(), await places.enter()];
    const entered: string[] = [];
    const third = places.enter().then((place) => (entered.push('third'), place));
    const fourth = places.enter().then((place) => (entered.push('fourth'), place));
    await turn();
    expect(entered).toEqual([]);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await turn();
    expect(entered).toEqual(['third']);
    second[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    (await fourth)[Symbol.dispose]();
    await Promise.all([places.enter(), places.enter()]);
  });

  test('does not give a place to a caller who stopped waiting', async () => {
    const places = new Semaphore(1);
    const holder = await places.enter();
    const leaving = new AbortController();
    const left = places.enter(leaving.signal);
    const next = places.enter();
    leaving.abort(new Error('no more'));
    await expect(left).rejects.toThrow('no more');
    await expect(places.enter(leaving.signal)).rejects.toThrow('no more');
    holder[Symbol.dispose]();
    await next;
  });
});

describe('SingleFlight', () => {
  test('does work once for those who ask at the same time, and again for who asks later', async () => {
    const flights = new SingleFlight<string, number>();
    let runs = 0;
    const work = async (): Promise<number> => {
      await turn();
      return ++runs;
    };
    expect(await Promise.all(['a', 'a', 'b'].map((key) => flights.run(key, work)))).toEqual([1, 1, 2]);
    expect(await flights.run('a', work)).toBe(3);
    const failing = (): Promise<number> => Promise.reject(new Error('failed'));
    await expect(flights.run('a', failing)).rejects.toThrow('failed');
    expect(await flights.run('a', work)).toBe(4);
  });

  test('goes on for the callers who stay, and stops with the last', async () => {
    const flights = new SingleFlight<string, number>();
    const end = Promise.withResolvers<number>();
    let given: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<number> => {
      given = signal;
      return end.promise;
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = flights.run('a', work, { signal: one.signal });
    const second = flights.run('a', work, { signal: two.signal });
    one.abort(new Error('first left'));
    await expect(first).rejects.toThrow('first left');
    expect(given?.aborted).toBe(false);
    two.abort(new Error('second left'));
    await expect(second).rejects.toThrow('second left');
    expect(given?.aborted).toBe(true);
    expect(await flights.run('a', async () => 7)).toBe(7);
    end.reject(new Error('stopped'));
    await turn();
  });
});

test('Lazy makes a value once, again after a failure, and frees only what was made', async () => {
  let calls = 0;
  const lazy = new Lazy(async () => {
    if (++calls === 1) throw new Error('not yet');
    return calls;
  });
  const freed: number[] = [];
  await lazy.end((value) => void freed.push(value));
  await expect(lazy.get()).rejects.toThrow('not yet');
  expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([2, 2]);
  await lazy.end((value) => void freed.push(value));
  expect(freed).toEqual([2]);
});

test('joinSignals is aborted by any signal that is given', () => {
  const [own, other] = [new AbortController(), new AbortController()];
  expect(joinSignals(own.signal, undefined)).toBe(own.signal);
  const joined = joinSignals(own.signal, undefined, other.signal);
  other.abort('why');
  expect([joined.aborted, joined.reason, own.signal.aborted]).toEqual([true, 'why', false]);
});
