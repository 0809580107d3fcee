import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test('init makes configuration, store and database, once', async () => {
  using holdfast = new Holdfast();
  const made = await holdfast.succeed(['init']);
  expect(made.stdout).toBe(`${holdfast.path('holdfast.yaml')}\n`);
  const files = holdfast.files();
  for (const name of ['holdfast.yaml', '.holdfast/registry.db', '.holdfast/store/holdfast-store.json']) {
    expect(files).toContain(`work/${name}`);
  }
  const text = holdfast.read('holdfast.yaml').toString();
  const again = await holdfast.run(['init']);
  expect(again.exitCode).toBe(4);
  expect(holdfast.read('holdfast.yaml').toString()).toBe(text);
});

test('a configuration is found upward, and without one the user has a place of their own', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  mkdirSync(holdfast.path('deep', 'er'), { recursive: true });
  writeFileSync(holdfast.path('deep', 'er', 'x'), 'x');
  await holdfast.succeed(['put', 'x', '--name', 'm'], { workingFolder: holdfast.path('deep', 'er') });
  expect((await holdfast.succeed(['ls', '--names'])).stdout).toBe('m\n');
  using other = new Holdfast();
  other.write('x', 'x');
  await other.succeed(['put', 'x', '--name', 'm']);
  expect(other.files().filter((path) => path.startsWith('work/'))).toEqual(['work/x']);
  expect(other.files().some((path) => path.startsWith('home/data/holdfast/'))).toBe(true);
});

test('a misspelt field names file, path, value and what is allowed', async () => {
  using holdfast = new Holdfast();
  const file = holdfast.write(
    'holdfast.yaml',
    'stores:\n  default:\n    backend: local_filesystem\n    rooot: s\n',
  );
  for (const commandLine of [['config', 'check'], ['ls'], ['config', 'show']]) {
    const run = await holdfast.run(commandLine);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(
      run.stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(0, 4)),
    ).toEqual(['erro', '  Th', '  - ', '  - ', '  → ']);
    for (const part of [file, 'stores.default.rooot', 'root']) expect(run.stderr).toContain(part);
  }
  const json = await holdfast.run(['config', 'check', '--json']);
  const { error } = JSON.parse(json.stderr) as { error: { issues: readonly object[] } };
  expect(error).toMatchObject({ code: 'invalid-configuration', exitCode: 2 });
  expect(error.issues).toEqual(
    expect.arrayContaining([expect.objectContaining({ path: 'stores.default.rooot', file })]),
  );
  expect((await holdfast.run(['doctor'])).exitCode).toBe(1);
  expect(holdfast.files()).toEqual(['work/holdfast.yaml']);
});

test.each([
  ['a backend that there is not', 'stores:\n  default: { backend: aws_s4, bucket: b }\n', 'aws_s4'],
  [
    'a text where a number is meant',
    'stores:\n  default: { backend: local_filesystem, root: s, inlineLimitBytes: many }\n',
    'many',
  ],
  ['no YAML at all', 'stores: [\n', 'holdfast.yaml'],
])('%s is named', async (_what, text, part) => {
  using holdfast = new Holdfast();
  holdfast.write('holdfast.yaml', text);
  const run = await holdfast.run(['config', 'check']);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(part);
  expect(run.stderr).toContain('holdfast.yaml');
});

test('config show tells each value and where it comes from; flags stand over variables over the file', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  const environment = { HOLDFAST_STORES_DEFAULT_ROOT: '/from/environment' };
  const shown = await holdfast.json<{ settings: object[]; file: string }>(['config', 'show'], {
    environment,
  });
  expect(shown.file).toBe(holdfast.path('holdfast.yaml'));
  expect(shown.settings).toContainEqual({
    path: 'stores.default.root',
    value: '/from/environment',
    source: 'environment:HOLDFAST_STORES_DEFAULT_ROOT',
  });
  const flagged = await holdfast.succeed(['config', 'show', '--set', 'stores.default.root=/from/flag'], {
    environment,
  });
  expect(flagged.stdout).toMatch(/stores\.default\.root +\/from\/flag +flag:--set/);
  const ignored = await holdfast.succeed(['config', 'check'], { environment: { HOLDFAST_ELSEWHERE: 'x' } });
  expect(ignored.stderr).toContain('HOLDFAST_ELSEWHERE sets nothing');
});

test('config schema is a JSON Schema', async () => {
  using holdfast = new Holdfast();
  const schema = await holdfast.json<{ properties: object }>(['config', 'schema']);
  expect(Object.keys(schema.properties)).toContain('stores');
  expect(JSON.parse((await holdfast.succeed(['config', 'schema'])).stdout)).toEqual(schema);
});

test('migrate tells what it did, and with --dry-run what it would do', async () => {
  using holdfast = new Holdfast();
  const dry = await holdfast.json(['migrate', '--dry-run']);
  expect(dry).toMatchObject({ isDryRun: true, fromVersion: 0 });
  expect(holdfast.files()).toEqual([]);
  await holdfast.succeed(['init']);
  expect(await holdfast.json(['migrate'])).toMatchObject({ isDryRun: false, steps: [] });
  expect((await holdfast.succeed(['migrate'])).stderr).toContain('up to date');
});

test('doctor finds a healthy set-up healthy, before and after the first put', async () => {
  using holdfast = new Holdfast();
  const empty = await holdfast.json<{ isHealthy: boolean }>(['doctor']);
  expect(empty.isHealthy).toBe(true);
  expect(holdfast.files()).toEqual([]);
  await holdfast.succeed(['init']);
  const { checks } = await holdfast.json<{ checks: { subject: string; state: string; figures?: object }[] }>([
    'doctor',
  ]);
  expect(checks.map(({ subject, state }) => [subject, state])).toEqual([
    ['Node.js', 'good'],
    ['configuration', 'good'],
    ['database', 'good'],
    ['store default', 'good'],
    ['leftovers', 'good'],
    ['clock', 'good'],
  ]);
  expect(checks[3]?.figures).toMatchObject({
    leftoverCount: 0,
    p50Ms: expect.any(Number),
    freeBytes: expect.any(Number),
  });
  expect((await holdfast.succeed(['doctor'])).stdout).toContain('✓ store default');
});

test('doctor says what is wrong and what to do, and ends with 1', async () => {
  using holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('.holdfast/store/tmp/left-behind', 'xxxx');
  const leftover = await holdfast.succeed(['doctor']);
  expect(leftover.stdout).toContain('! store default');
  expect(leftover.stderr).toContain('one that was killed');
  using other = new Holdfast();
  await other.succeed(['init']);
  const foreign = await other.run([
    'doctor',
    '--set',
    `stores.default.root=${holdfast.path('.holdfast', 'store')}`,
  ]);
  expect(foreign.exitCode).toBe(1);
  expect(foreign.stdout).toContain('belongs to another registry');
  const clock = await other.run([
    'doctor',
    '--set',
    `stores.default.root=${holdfast.path('holdfast.yaml')}/x`,
  ]);
  expect(clock.exitCode).toBe(1);
});
