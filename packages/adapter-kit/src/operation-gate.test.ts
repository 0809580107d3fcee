import { describe, expect, test, vi } from 'vitest';
import { OperationGate } from './operation-gate.ts';

const context = { operation: 'get', backend: 'memory', key: 'k' } as const;

describe('OperationGate', () => {
  test('frees at once when nothing is under way', async () => {
    const gate = new OperationGate();
    gate.enter(context)();
    const free = vi.fn<() => Promise<void>>(async () => undefined);
    await gate.close(free);
    expect(free).toHaveBeenCalledOnce();
  });

  test('waits for the last of several operations, then frees once', async () => {
    const gate = new OperationGate();
    const leave = [gate.enter(context), gate.enter(context), gate.enter(context)];
    const free = vi.fn<() => Promise<void>>(async () => undefined);
    const closing = Promise.all([gate.close(free), gate.close(free)]);
    for (const one of leave) {
      await Promise.resolve();
      expect(free).not.toHaveBeenCalled();
      one();
    }
    await closing;
    await gate.close(free);
    expect(free).toHaveBeenCalledOnce();
  });

  test('refuses newcomers from the moment that it closes', async () => {
    const gate = new OperationGate();
    const leave = gate.enter(context);
    const closing = gate.close(async () => undefined);
    const refusal = expect.objectContaining({
      code: 'invalid-argument',
      operation: 'get',
      backend: 'memory',
      key: 'k',
    });
    expect(() => gate.enter(context)).toThrow(refusal);
    leave();
    await closing;
    expect(() => gate.enter(context)).toThrow(/was disposed; get came too late/);
  });

  test('tells everybody who closes it that freeing failed', async () => {
    const gate = new OperationGate();
    const closing = [0, 1].map(() => gate.close(() => Promise.reject(new Error('stuck'))));
    for (const one of closing) await expect(one).rejects.toThrow('stuck');
  });
});
