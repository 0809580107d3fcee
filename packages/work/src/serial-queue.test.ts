import { describe, expect, test, vi } from 'vitest';
import { SerialQueue } from './serial-queue.ts';

const refused = new Error('refused');
const impatient = { timeoutMs: 5, refuse: () => refused };

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  return { opened, open };
}

describe('SerialQueue', () => {
  test('runs one at a time, in order, and answers what each answers', async () => {
    const queue = new SerialQueue();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b'].map((name) => queue.run(work(name))))).toEqual(['a', 'b']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('goes on after work that failed', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('mine')));
    const next = queue.run(async () => 7);
    await expect(failing).rejects.toThrow('mine');
    expect(await next).toBe(7);
  });

  test('refuses what waits for too long, and never lets what follows overtake', async () => {
    const queue = new SerialQueue();
    const { opened, open } = gate();
    const first = queue.run(() => opened);
    const late = vi.fn<() => Promise<void>>(async () => undefined);
    await expect(queue.run(late, impatient)).rejects.toBe(refused);
    const following = vi.fn<() => Promise<void>>(async () => undefined);
    const last = queue.run(following);
    await new Promise(setImmediate);
    expect(following).not.toHaveBeenCalled();
    open();
    await Promise.all([first, last]);
    expect(following).toHaveBeenCalledOnce();
    expect(late).not.toHaveBeenCalled();
  });

  test('is patient once the turn has come', async () => {
    const queue = new SerialQueue();
    const work = (): Promise<string> => new Promise((resolve) => void setTimeout(resolve, 20, 'done'));
    expect(await queue.run(work, impatient)).toBe('done');
  });

  test('is idle when nothing runs or waits', async () => {
    const queue = new SerialQueue();
    await queue.idle();
    const { opened, open } = gate();
    const work = Promise.all([queue.run(() => opened), queue.run(async () => undefined)]);
    const seen: string[] = [];
    const idle = queue.idle().then(() => seen.push('idle'));
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    open();
    await Promise.all([work, idle]);
    expect(seen).toEqual(['idle']);
  });
});
