import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ObjectKey } from '@holdfast/domain';
import type { Contender } from '../framework/benchmark.ts';
import { scriptArguments, startNode } from '../framework/child-process.ts';
import { check } from '../material/check.ts';
import { gather } from '../material/gather.ts';
import { type CounterPlace, openCounterPlace } from './counter-place.ts';

/** Processes that count together in one object, each by replacing the state that it has read. */
export function countInProcesses(
  name: string,
  place: CounterPlace,
  { count, processes }: { readonly count: number; readonly processes: number },
): Contender {
  return {
    name,
    run: async (turn) => {
      const parameters = [JSON.stringify(place), turn.label, String(count / processes)];
      const workers = Array.from({ length: processes }, () => start(parameters));
      await Promise.all(workers.map(untilReady));
      await turn.measure(async () => {
        for (const worker of workers) worker.send('begin');
        await Promise.all(workers.map(untilDone));
      });
      const counted = await countIn(place, turn.label);
      check(counted === count, `${counted} of ${count} increments are there`);
    },
  };
}

function start(parameters: readonly string[]): ChildProcess {
  return startNode(scriptArguments('increment.ts', parameters), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function untilReady(worker: ChildProcess): Promise<void> {
  await Promise.race([once(worker, 'message'), untilDone(worker)]);
}

async function untilDone(worker: ChildProcess): Promise<void> {
  const [exitCode] = (await once(worker, 'close')) as [number | null];
  check(exitCode === 0, `a process ended with ${exitCode}`);
}

async function countIn(place: CounterPlace, key: string): Promise<number> {
  await using adapter = openCounterPlace(place);
  await using reader = await adapter.get(key as ObjectKey);
  return reader === undefined ? 0 : Number(Buffer.from(await gather(reader.body)).toString());
}
