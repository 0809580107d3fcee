import { serveTasks } from '../src/serve-tasks.ts';

/** What the tests have a thread do. */
export type SampleTask =
  | { readonly kind: 'double'; readonly numbers: Float64Array }
  | { readonly kind: 'count' }
  | { readonly kind: 'ask'; readonly questions: number }
  | { readonly kind: 'spin' }
  | { readonly kind: 'fill' }
  | { readonly kind: 'break' }
  | { readonly kind: 'throw' };

let count = 0;
const kept: unknown[] = [];

serveTasks<SampleTask, unknown, number, string>(async (task, { ask, transfer }) => {
  count++;
  switch (task.kind) {
    case 'double': {
      const doubled = task.numbers.map((number) => number * 2);
      transfer(doubled.buffer);
      return doubled;
    }
    case 'count':
      return count;
    case 'ask':
      return Promise.all(Array.from({ length: task.questions }, (_, index) => ask(index)));
    case 'spin':
      for (;;) kept.length = 0;
    case 'fill':
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
    case 'break':
      setImmediate(() => {
        throw new Error('the thread broke');
      });
      return new Promise(() => undefined);
    case 'throw':
      throw new RangeError('out of range');
  }
});
