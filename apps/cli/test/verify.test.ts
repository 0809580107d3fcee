import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { strace } from '@holdfast/tooling-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Holdfast, finish } from './support/holdfast.ts';
import { sampleBytes } from './support/sample-files.ts';

interface Verified {
  readonly isComplete: boolean;
  readonly isIntact: boolean;
  readonly objectCount: number;
  readonly resumedFrom?: string;
  readonly affected: readonly string[];
  readonly findings: readonly {
    readonly state: string;
    readonly affected: readonly { readonly reference: string; readonly paths?: readonly string[] }[];
    readonly repair?: { readonly isRepaired: boolean };
  }[];
}

const tracer = strace();
const fileCount = 130;
const template = new Holdfast();

/** A folder of files that are too large to lie in the index; saved once, and copied for each test. */
beforeAll(async () => {
  await template.succeed(['init']);
  for (let number = 0; number < fileCount; number++)
    template.write(`in/file-${number}`, sampleBytes(17_000, number));
  await template.succeed(['put', 'in', '--name', 'tree']);
});

afterAll(() => template[Symbol.dispose]());

/** The data files of the objects, in the order in which they are verified. */
function dataFiles(holdfast: Holdfast): readonly string[] {
  const store = holdfast.path('.holdfast', 'store');
  const index = new DatabaseSync(join(store, 'index.db'), { readOnly: true });
  try {
    const rows = index.prepare('select data_id as id from objects where data_id is not null order by sha256');
    return rows.all().map(({ id }) => join(store, 'data', String(id).slice(0, 2), String(id)));
  } finally {
    index.close();
  }
}

function journalOf(holdfast: Holdfast): string {
  return holdfast.path('.holdfast', 'registry.db.verification');
}

function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes[9] = (bytes[9] ?? 0) ^ 16;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

/** The program that traces another, with a log in the working folder. */
function tracing(holdfast: Holdfast, log: string, ...options: readonly string[]): readonly string[] {
  return [tracer ?? 'strace', '-f', '-qq', '-o', holdfast.path(log), ...options];
}

test.skipIf(tracer === undefined)(
  'a verification that is killed goes on where it was, and covers exactly the rest',
  async () => {
    using holdfast = template.copy();
    const files = dataFiles(holdfast);
    damage(files[40] as string);
    const place = 115;
    const atPlace = ['-P', files[place] as string, '-e', 'inject=openat:signal=KILL'];
    const killed = await finish(
      holdfast.start(['verify'], { through: tracing(holdfast, 'killed.log', ...atPlace) }),
    );
    expect(killed.exitCode).not.toBe(0);
    expect(existsSync(journalOf(holdfast))).toBe(true);

    const resumed = await holdfast.run(['verify', '--resume', '--json'], {
      through: tracing(holdfast, 'resumed.log', '-e', 'trace=openat', '-s', '400'),
    });
    expect(resumed.exitCode).toBe(6);
    const document = JSON.parse(resumed.stdout) as Verified;
    expect(document).toMatchObject({
      isComplete: true,
      isIntact: false,
      objectCount: fileCount + 1,
      affected: ['tree:1'],
      findings: [{ state: 'damaged', affected: [{ reference: 'tree:1', paths: [expect.any(String)] }] }],
    });
    expect(document.resumedFrom).toMatch(/^\d{4}-/);
    const opened = readFileSync(holdfast.path('resumed.log'), 'utf8')
      .split('\n')
      .flatMap((line) => /openat\([^"]*"([^"]*\/store\/data\/[^"]*)"/.exec(line)?.[1] ?? []);
    const read = files.filter((path) => opened.includes(path));
    expect(opened).toHaveLength(read.length);
    expect(read).toEqual(files.slice(files.length - read.length));
    expect(read.length).toBeGreaterThanOrEqual(files.length - place);
    expect(read.length).toBeLessThan(40);
    expect(existsSync(journalOf(holdfast))).toBe(false);
  },
);

test.skipIf(tracer === undefined)(
  'Ctrl-C says how far it came, keeps what was found, and the exit code tells',
  async () => {
    using holdfast = template.copy();
    const files = dataFiles(holdfast);
    damage(files[10] as string);
    const interrupted = await holdfast.run(['verify', '--json'], {
      through: tracing(holdfast, 'log', '-P', files[60] as string, '-e', 'inject=openat:signal=INT'),
    });
    expect(interrupted.exitCode).toBe(130);
    const document = JSON.parse(interrupted.stdout) as Verified;
    expect(document).toMatchObject({ isComplete: false, isIntact: false, findings: [{ state: 'damaged' }] });
    const { error } = JSON.parse(interrupted.stderr) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 'cancelled', exitCode: 130, objectCount: document.objectCount });
    expect(error['outcome']).toMatch(/^Stopped after \d+ of 131 objects, .*: 1 not as saved\. /);

    const resumed = await holdfast.run(['verify', '--resume']);
    expect(resumed.exitCode).toBe(6);
    expect(resumed.stderr).toContain(`after ${document.objectCount} objects.`);
    expect(resumed.stdout).toMatch(/\ndamaged {2}[0-9a-f]{12} .* tree:1 \(file-\d+\)\n/);
  },
);

test('what is damaged comes back from another store, and what cannot is listed', async () => {
  using holdfast = template.copy();
  const stores = holdfast.path('.holdfast');
  cpSync(join(stores, 'store'), join(stores, 'mirror'), { recursive: true });
  const mirror = [
    '--set',
    `stores.mirror.backend=local_filesystem`,
    '--set',
    `stores.mirror.root=${stores}/mirror`,
  ];
  const [first, second] = dataFiles(holdfast) as [string, string];
  for (const path of [first, second, second.replace('/store/', '/mirror/')]) damage(path);

  const told = await holdfast.run(['verify', ...mirror]);
  expect(told.exitCode).toBe(6);
  const partly = await holdfast.run(['verify', ...mirror, '--repair-from', 'mirror']);
  expect(partly.exitCode).toBe(6);
  expect(partly.stdout).toMatch(/\nrepaired .*\n {2}→ nothing: good bytes came from mirror/);
  expect(partly.stdout).toMatch(/\ndamaged .*\n {2}→ not repaired from mirror: /);
  const json = await holdfast.run(['verify', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ findings: [{ state: 'damaged' }], affected: ['tree:1'] });

  await holdfast.succeed(['put', 'in', '--name', 'tree']);
  damage(dataFiles(holdfast)[0] as string);
  const whole = await holdfast.run(['verify', ...mirror, '--repair-from', 'mirror', '--json']);
  expect(JSON.parse(whole.stdout)).toMatchObject({
    isIntact: true,
    findings: [{ repair: { isRepaired: true } }],
  });
  expect(whole.exitCode).toBe(0);
  await holdfast.succeed(['verify']);
});

test('only what was not read lately is verified when that is asked for', async () => {
  using holdfast = template.copy();
  expect(await holdfast.json<Verified>(['verify', '--not-verified-since', '1d'])).toMatchObject({
    isIntact: true,
    objectCount: 0,
  });
  expect(await holdfast.json<Verified>(['verify', '--not-verified-since', '0h'])).toMatchObject({
    objectCount: fileCount + 1,
  });
  const wrong = await holdfast.run(['verify', '--not-verified-since', 'yesterday']);
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
  expect(wrong.stderr).toContain('12h, 7d or 4w');
  const nowhere = await holdfast.run(['verify', '--repair-from', 'nowhere']);
  expect(nowhere.exitCode).toBe(2);
  expect(nowhere.stderr).toContain('nowhere');
});
