import { SqlRegistryStore } from '@holdfast/adapter-sql';
import { createModel, type RegistryStore, utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { FaultProxy } from '@holdfast/tooling-fault-proxy';
import { describe, expect, test } from 'vitest';
import { PostgresTestServer } from './postgres-test-server.ts';

const server = (await PostgresTestServer.open()) as PostgresTestServer;
const now = utcTimestamp(0);
const retry = { attempts: 200, baseDelayMs: 5, maximumDelayMs: 20, totalMs: 30_000 };

function modelOf(name: string) {
  return createModel({ id: name, name, now });
}

async function namesIn({ repositories }: RegistryStore): Promise<readonly string[]> {
  return (await repositories.models.findAll()).items.map(({ name }) => name);
}

async function failed(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.then(
    () => expect.fail('it went through'),
    (reason: unknown) => reason,
  );
  if (!StorageError.isInstance(error)) throw error;
  return error;
}

/** Ends the sessions of a schema's registries, as a server does that is shut down. */
async function endSessions(schema: string, condition = 'true'): Promise<void> {
  const rows = await server.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'holdfast' and ${condition}`,
  );
  expect(rows.length, schema).toBeGreaterThan(0);
}

describe.skipIf(server === undefined)(
  'a registry in PostgreSQL whose server fails',
  { timeout: 60_000 },
  () => {
    test('ends a unit of work whose connection is lost as unavailable, undone, and run once', async () => {
      const schema = server.newSchema();
      await using store = await server.registry({ schema, retry });
      let runs = 0;
      const unit = store.unitOfWork(async ({ models }) => {
        runs++;
        await models.save(modelOf('first'));
        await endSessions(schema, "state = 'idle in transaction'");
        await models.save(modelOf('second'));
      });
      expect(await failed(unit)).toMatchObject({ code: 'unavailable', retry: 'temporary' });
      expect([runs, await namesIn(store)]).toEqual([1, []]);
      await store.unitOfWork(({ models }) => models.save(modelOf('third')));
      expect(await namesIn(store)).toEqual(['third']);
    });

    test('tells no unit of work as done that was undone, though the work passes over the error', async () => {
      const schema = server.newSchema();
      await using store = await server.registry({ schema, retry });
      let runs = 0;
      const unit = store.unitOfWork(async ({ models }) => {
        runs++;
        await models.save(modelOf('first'));
        await endSessions(schema, "state = 'idle in transaction'");
        await models.save(modelOf('second')).catch(() => undefined);
      });
      expect(await failed(unit)).toMatchObject({ code: 'unavailable' });
      expect(runs).toBe(1);
      const other = store.unitOfWork(async ({ models, versions }) => {
        await models.save(modelOf('first'));
        const order = { field: 'number', direction: 'ascending' } as const;
        const after = Buffer.from(JSON.stringify(['number,id ascending', 'none', 'id'])).toString(
          'base64url',
        );
        const refused = await failed(versions.findAll({ order, limit: 1, after }));
        expect(refused.code).toBe('invalid-argument');
        return refused.message;
      });
      const outcome = await other.catch((error: unknown) => error);
      if (StorageError.isInstance(outcome)) expect(await namesIn(store)).toEqual([]);
      else expect(await namesIn(store)).toEqual(['first']);
    });

    test('goes on when the server has ended every connection, between calls and within them', async () => {
      const schema = server.newSchema();
      await using store = await server.registry({ schema, retry });
      await store.repositories.models.save(modelOf('first'));
      await endSessions(schema);
      expect(await namesIn(store)).toEqual(['first']);
      await endSessions(schema);
      let runs = 0;
      await store.unitOfWork(async ({ models }) => {
        runs++;
        await models.save(modelOf('second'));
      });
      expect([runs, await namesIn(store)]).toEqual([1, ['first', 'second']]);
      const ending = Array.from({ length: 5 }, async () =>
        server.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast'",
        ),
      );
      const saving = Array.from({ length: 20 }, (_, index) =>
        store.repositories.models.save(modelOf(`m${index}`)),
      );
      await Promise.all([...saving, ...ending]);
      expect(await store.repositories.models.count({ namePrefix: 'm' })).toBe(20);
    });

    test('waits for a server that goes away and comes back, and says so when it does not', async () => {
      await using network = await FaultProxy.open(server.url);
      const schema = server.newSchema();
      const url = new URL(server.url);
      url.port = new URL(network.address).port;
      await using store = await server.registry({ url: url.href, schema, retry });
      await store.repositories.models.save(modelOf('first'));
      network.fail({ kind: 'outage' });
      let runs = 0;
      const reading = namesIn(store);
      const writing = store.unitOfWork(async ({ models }) => {
        runs++;
        await models.save(modelOf('second'));
      });
      await expect.poll(() => network.requests.filter((one) => one === '-').length).toBeGreaterThan(4);
      network.heal();
      expect(await reading).toContain('first');
      await writing;
      expect([runs, await namesIn(store)]).toEqual([1, ['first', 'second']]);

      await using impatient = await server.registry({ url: url.href, schema, retry: { attempts: 2 } });
      network.fail({ kind: 'outage' });
      expect(await failed(impatient.registryId())).toMatchObject({
        code: 'unavailable',
        attempts: 2,
        retry: 'exhausted',
      });
      network.heal();
      expect(await impatient.registryId()).toBe(await store.registryId());
    });

    test('knows what became of a commit whose answer was lost', async () => {
      await using network = await FaultProxy.open(server.url);
      const schema = server.newSchema();
      const url = new URL(server.url);
      url.port = new URL(network.address).port;
      await using store = await server.registry({ url: url.href, schema, retry });
      network.fail({ kind: 'lost answer', methods: ['COMMIT'], times: 1 });
      expect(await store.repositories.models.save(modelOf('first'))).toMatchObject({ revision: 1 });
      network.fail({ kind: 'lost answer', methods: ['COMMIT'], times: 1 });
      let runs = 0;
      await store.unitOfWork(async ({ models }) => {
        runs++;
        await models.save(modelOf('second'));
      });
      expect([runs, await namesIn(store)]).toEqual([1, ['first', 'second']]);
      network.fail({ kind: 'lost answer', methods: ['COMMIT'], times: 1 });
      expect(await store.repositories.models.reserveNumber('first')).toBe(1);
      expect(await store.repositories.models.reserveNumber('first')).toBe(2);
    });
  },
);

describe.skipIf(server === undefined)('writers to a registry in PostgreSQL', { timeout: 60_000 }, () => {
  test('wait for each other for as long as they may, and longer than for a statement', async () => {
    const schema = server.newSchema();
    await using slow = await server.registry({ schema });
    await using hasty = await server.registry({ schema, busyTimeoutMs: 50 });
    await using patient = await server.registry({
      schema,
      busyTimeoutMs: 60_000,
      timeouts: { statementMs: 100 },
    });
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const unit = slow.unitOfWork(async ({ models }) => {
      await models.save(modelOf('slow'));
      begun.resolve();
      await goOn.promise;
    });
    await begun.promise;
    expect(await failed(hasty.repositories.models.save(modelOf('hasty')))).toMatchObject({
      code: 'unavailable',
      retry: 'exhausted',
      hint: expect.stringContaining('busyTimeoutMs') as string,
    });
    expect(await namesIn(hasty)).toEqual([]);
    const waiting = patient.repositories.models.save(modelOf('patient'));
    await expect
      .poll(
        () =>
          server.query(
            "select 1 from pg_stat_activity where wait_event = 'advisory' and now() - query_start > interval '1500 ms'",
          ),
        { timeout: 30_000 },
      )
      .toHaveLength(1);
    goOn.resolve();
    await Promise.all([unit, waiting]);
    expect(await namesIn(hasty)).toEqual(['patient', 'slow']);
  });

  test('do not wait for those of another registry, or of a store, in the same database', async () => {
    const [one, two, three] = [server.newSchema(), server.newSchema(), server.newSchema()];
    await using first = await server.registry({ schema: one, busyTimeoutMs: 1_000 });
    await using second = await server.registry({ schema: two, busyTimeoutMs: 1_000 });
    await using objects = server.adapter({ schema: three });
    await first.unitOfWork(async ({ models }) => {
      await models.save(modelOf('inside'));
      await second.repositories.models.save(modelOf('beside'));
      await objects.check({ write: true });
    });
    expect([await namesIn(first), await namesIn(second)]).toEqual([['inside'], ['beside']]);
    expect(await first.registryId()).not.toBe(await second.registryId());
    await using wrong = server.adapter({ schema: one });
    expect(await failed(wrong.check())).toMatchObject({ code: 'invalid-configuration' });
    expect(await failed(server.registry({ schema: three }))).toMatchObject({ code: 'invalid-configuration' });
  });

  test('lose nothing where transactions see by default what was there when they began', async () => {
    const name = `isolated_${process.pid}`;
    await server.query(`create database ${name}`);
    await server.query(`alter database ${name} set default_transaction_isolation = 'repeatable read'`);
    const url = server.url.replace(/postgres$/, name);
    const stores = await Promise.all(Array.from({ length: 4 }, () => SqlRegistryStore.open({ url })));
    await stores[0]?.repositories.models.save({ ...modelOf('count'), description: '0' });
    const raise = async (store: SqlRegistryStore): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        await store.unitOfWork(async ({ models }) => {
          const model = await models.findById('count');
          if (model === undefined) throw new Error('the model vanished');
          await models.save({ ...model, description: String(Number(model.description) + 1) });
        });
      }
    };
    await Promise.all(stores.map(raise));
    expect(await stores[0]?.repositories.models.findById('count')).toMatchObject({ description: '40' });
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    await server.query(`drop database ${name} with (force)`);
  });

  test('are refused where there is only reading, and readers are not', async () => {
    const schema = server.newSchema();
    const role = `reader_${schema}`;
    expect(await SqlRegistryStore.openExisting({ url: server.url, schema })).toBeUndefined();
    expect(await failed(server.registry({ schema, readOnly: true }))).toMatchObject({ code: 'not-found' });
    await using owner = await server.registry({ schema });
    await owner.repositories.models.save(modelOf('kept'));
    await server.query(
      `create role ${role} login password 'reader'; grant usage on schema ${schema} to ${role};
       grant select on all tables in schema ${schema} to ${role}`,
    );
    const url = new URL(server.url);
    Object.assign(url, { username: role, password: 'reader' });
    for (const options of [{ url: url.href }, { readOnly: true }]) {
      await using reader = await server.registry({ schema, ...options });
      expect([reader.readOnly, await namesIn(reader)]).toEqual([true, ['kept']]);
      for (const write of [
        () => reader.repositories.models.save(modelOf('new')),
        () => reader.unitOfWork(({ models }) => models.save(modelOf('new'))),
      ])
        expect(await failed(write())).toMatchObject({ code: 'permission-denied' });
      expect(await reader.unitOfWork(({ models }) => models.count())).toBe(1);
    }
    expect(owner.readOnly).toBe(false);
    await server.query(`drop owned by ${role}; drop role ${role}`);
  });

  test('are told of slow statements, not of waiting for others', async () => {
    const schema = server.newSchema();
    const slow: string[] = [];
    await using store = await server.registry({
      schema,
      slowQueryMs: 0,
      onSlowQuery: ({ sql }) => slow.push(sql),
    });
    await store.repositories.models.save({ ...modelOf('first'), description: 'a secret' });
    expect(slow.some((sql) => sql.includes('insert into "models"'))).toBe(true);
    expect(slow.filter((sql) => /advisory|a secret/.test(sql))).toEqual([]);
  });
});
