import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

interface Item {
  readonly name: string;
  readonly outcome: string;
  readonly reason: string;
  readonly isDryRun: boolean;
}

function items(stdout: string): readonly Item[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Item);
}

/** Kills a save while its bytes are on their way. */
async function killPut(holdfast: Holdfast): Promise<void> {
  const put = holdfast.start(['put', '-', '--name', 'killed']);
  put.stdin.on('error', () => undefined);
  put.stdin.write(Buffer.alloc(4_000_000, 1));
  while (!holdfast.leftovers().some((path) => path.includes('/store/tmp/'))) await delay(10);
  put.kill('SIGKILL');
  await once(put, 'close');
}

test('gc takes what a killed save left, and nothing that a version needs', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('weights.safetensors', safetensorsFile(6_000));
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'm']);
  await killPut(holdfast);
  const [leftover = ''] = holdfast.leftovers();

  const plan = items((await holdfast.succeed(['gc', '--dry-run', '--json'])).stdout);
  expect(plan).toEqual([
    expect.objectContaining({ outcome: 'removed', isDryRun: true, storeName: 'default' }),
  ]);
  expect(leftover).toContain(plan[0]?.name);
  expect(plan[0]?.reason).toMatch(/^its writer, process \d+, has ended$/);
  expect(holdfast.leftovers()).toEqual([leftover]);

  expect((await holdfast.succeed(['gc'])).stderr).toContain('1 item, ');
  expect(holdfast.leftovers()).toEqual([]);
  await holdfast.succeed(['verify']);
  expect((await holdfast.succeed(['gc'])).stderr).toContain('Nothing to collect.');
});

test('gc rejects a grace that depends on age, and its headline says that the option is wrong', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  const run = await holdfast.run(['gc', '--grace', '30']);
  expect(run.exitCode).toBe(2);
  const [headline, reason] = run.stderr.split('\n');
  expect(headline).toBe('error: Nothing was done: the command line is not valid.');
  expect(reason).toBe('  --grace must be 0 (got "30"): nothing is ever deleted because of its age.');
});
