import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { postgres, postgresTestUser, type RunningService, strace } from '@holdfast/tooling-services';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { safetensorsFile, sampleBytes } from './support/sample-files.ts';

const server = await postgres.open();
const tracer = strace();

afterAll(async () => server?.[Symbol.asyncDispose]());

describe.skipIf(server === undefined)('a registry in PostgreSQL', () => {
  const { address } = server as RunningService;
  const url = address.replace(`:${postgresTestUser.password}@`, '@');
  const environment = { DATABASE_PASSWORD: postgresTestUser.password };
  let holdfast: Holdfast;
  let schemas = 0;

  beforeEach(() => {
    holdfast = new Holdfast();
    configure(holdfast);
  });
  afterEach(() => holdfast[Symbol.dispose]());

  function configure(place: Holdfast, fields = `schema: cli_${process.pid}_${++schemas}`, given = url): void {
    place.write(
      'holdfast.yaml',
      `version: 1
stores:
  default: { backend: local_filesystem, root: store }
database:
  url: ${given}
  ${fields}
  credentials: { password: env:DATABASE_PASSWORD }
`,
    );
  }

  const succeed = (commandLine: readonly string[]) => holdfast.succeed(commandLine, { environment });
  const run = (commandLine: readonly string[]) => holdfast.run(commandLine, { environment });

  test(
    'does the main job, from the first command on an empty database to removal',
    { timeout: 120_000 },
    async () => {
      expect((await succeed(['ls'])).stderr).toContain('No models');
      expect((await succeed(['doctor'])).stdout).toContain('does not exist yet; the first put creates it');
      expect((await succeed(['migrate', '--dry-run'])).stderr).toContain(
        'A new database would become version',
      );
      expect((await succeed(['migrate'])).stderr).toContain('A new database became version');
      expect((await succeed(['migrate'])).stderr).toContain('up to date (version');
      holdfast.write('model.safetensors', safetensorsFile(6_000));
      await succeed([
        'put',
        'model.safetensors',
        '--name',
        'team/model',
        '--tag',
        'stage=prod',
        '--alias',
        'champion',
      ]);
      holdfast.write('model.safetensors', safetensorsFile(7_000));
      await succeed(['put', 'model.safetensors', '--name', 'team/model']);
      await succeed(['alias', 'team/model', 'champion', '2']);
      expect((await succeed(['ls'])).stdout).toContain('team/model');
      await succeed(['get', 'team/model@champion', '-o', 'copy.safetensors']);
      expect(holdfast.read('copy.safetensors')).toEqual(holdfast.read('model.safetensors'));
      await succeed(['rm', 'team/model:1', '--yes']);
      await succeed(['gc', '--grace', '0']);
      expect((await succeed(['verify'])).stderr).toContain('every byte is as it was saved');
      expect((await succeed(['doctor'])).stdout).toMatch(/postgres:.*version \d+, a query takes/);
      expect(holdfast.leftovers()).toEqual([]);
    },
  );

  test(
    'is backed up, restored into SQLite and back into another schema, and rebuilt',
    { timeout: 120_000 },
    async () => {
      holdfast.write('model.safetensors', safetensorsFile(6_000));
      await succeed([
        'put',
        'model.safetensors',
        '--name',
        'model',
        '--tag',
        'stage=prod',
        '--alias',
        'champion',
      ]);
      const before = await shown(holdfast);
      await succeed(['backup', 'all.tar']);
      const archive = holdfast.read('all.tar');

      using local = new Holdfast();
      local.write('all.tar', archive);
      await local.succeed(['restore', 'all.tar']);
      expect(await shown(local)).toEqual(before);
      await local.succeed(['backup', 'back.tar']);

      using far = new Holdfast();
      configure(far);
      far.write('back.tar', local.read('back.tar'));
      await far.succeed(['restore', 'back.tar'], { environment });
      expect(await shown(far)).toEqual(before);
      await far.succeed(['get', 'model@champion', '-o', 'copy'], { environment });
      expect(far.read('copy')).toEqual(holdfast.read('model.safetensors'));

      await succeed(['backup', 'records.tar', '--registry-only']);
      configure(holdfast);
      await succeed(['restore', 'records.tar', '--yes']);
      expect(await shown(holdfast)).toEqual(before);

      configure(holdfast);
      await succeed(['registry', 'rebuild', 'default', '--yes']);
      await succeed(['get', 'model:1', '-o', 'rebuilt']);
      expect(holdfast.read('rebuilt')).toEqual(holdfast.read('model.safetensors'));
    },
  );

  test.skipIf(tracer === undefined)(
    'goes on with a verification that was interrupted, from a file of the user',
    { timeout: 120_000 },
    async () => {
      for (let number = 0; number < 130; number++)
        holdfast.write(`in/file-${number}`, sampleBytes(17_000, number));
      await succeed(['put', 'in', '--name', 'tree']);
      const files = largeFiles();
      const atPlace = ['-P', files[115] as string, '-e', 'inject=openat:signal=KILL'];
      const through = [tracer ?? '', '-f', '-qq', '-o', holdfast.path('log'), ...atPlace];
      await holdfast.run(['verify'], { environment, through });
      expect(journals()).toHaveLength(1);
      expect((await succeed(['verify', '--resume'])).stderr).toMatch(
        /Going on with the run of .*, after \d\d+ objects/,
      );
      expect(journals()).toEqual([]);
    },
  );

  test(
    'says what is wrong with the server and the password, without the password',
    { timeout: 120_000 },
    async () => {
      const secret = 'planted-secret-0123456789';
      const wrong = await holdfast.run(['ls'], { environment: { DATABASE_PASSWORD: secret } });
      expect([wrong.exitCode, wrong.stderr]).toEqual([7, expect.stringContaining('refused the password')]);
      const missing = await holdfast.run(['ls']);
      expect([missing.exitCode, missing.stderr]).toEqual([
        2,
        expect.stringContaining('env:DATABASE_PASSWORD is not set'),
      ]);
      configure(holdfast, 'poolSize: 2', url.replace(/postgres$/, 'no_such'));
      const absent = await run(['ls']);
      expect([absent.exitCode, absent.stderr]).toEqual([3, expect.stringContaining('CREATE DATABASE')]);
      configure(holdfast, 'poolSize: 2', address.replace(postgresTestUser.password, secret));
      for (const command of [['config', 'check'], ['ls'], ['doctor'], ['config', 'show']]) {
        const refused = await run(command);
        expect(refused.stdout + refused.stderr).toContain('credentials.password');
        expect(refused.stdout + refused.stderr + wrong.stderr).not.toContain(secret);
      }
    },
  );

  test('shows its settings, and where each comes from', async () => {
    const { stdout } = await succeed(['config', 'show']);
    expect(stdout).toContain(url);
    expect(stdout).toContain('env:DATABASE_PASSWORD');
    expect(stdout).not.toContain(postgresTestUser.password);
    await succeed(['config', 'check']);
  });

  /** What is shown of the version, without when its bytes were last read. */
  async function shown(place: Holdfast): Promise<unknown> {
    const { stdout } = await place.succeed(['show', 'model:1', '--json'], { environment });
    return JSON.parse(stdout, (name, value: unknown) => (name === 'verifiedAt' ? '' : value));
  }

  /** The data files of the objects, in the order in which they are verified. */
  function largeFiles(): readonly string[] {
    const store = holdfast.path('store');
    using index = new DatabaseSync(join(store, 'index.db'), { readOnly: true });
    const rows = index.prepare('select data_id as id from objects where data_id is not null order by sha256');
    return rows.all().map(({ id }) => join(store, 'data', String(id).slice(0, 2), String(id)));
  }

  function journals(): readonly string[] {
    return holdfast.files().filter((path) => path.includes('/verification/'));
  }
});
