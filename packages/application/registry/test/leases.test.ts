import { type Digest, type RegistryStore, digestOfHex, epochMsOf, utcTimestamp } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LeaseKeeper, leaseMs } from '../src/lease-keeper.ts';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { World, registryKinds } from './support/world.ts';

const pauses: number[] = [];
let whilePausing: (() => Promise<void>) | undefined;

vi.mock('node:timers/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:timers/promises')>();
  return {
    ...original,
    setTimeout: async (pauseMs: number, _value: unknown, options?: { readonly signal?: AbortSignal }) => {
      pauses.push(pauseMs);
      await whilePausing?.();
      return original.setTimeout(1, undefined, options);
    },
  };
});

const [a, b] = [1, 2].map((number) => digestOfHex(String(number).repeat(64))) as [Digest, Digest];

describe.each(registryKinds)('%s', (kind) => {
  let world: World;
  let registry: RegistryStore;
  let ids: string[];

  beforeEach(async () => {
    world = await World.make(kind);
    registry = world.registry;
    ids = [];
    pauses.length = 0;
    whilePausing = undefined;
  });

  afterEach(async () => {
    vi.useRealTimers();
    await world[Symbol.asyncDispose]();
  });

  function makeKeeper(
    options: Partial<ConstructorParameters<typeof LeaseKeeper>[1]> = {},
    store = registry,
  ): LeaseKeeper {
    const createId = (): string => {
      const id = `lease-${ids.length}`;
      ids.push(id);
      return id;
    };
    return new LeaseKeeper(store, {
      now: () => world.nowMs,
      createId,
      takeOver: async () => undefined,
      ...options,
    });
  }

  const leasedUntil = async (digest: Digest): Promise<string | undefined> =>
    (await registry.repositories.objects.findUnreferenced([digest]))[0]?.leasedUntil;
  const condemn = (digest: Digest): Promise<readonly Digest[]> =>
    registry.repositories.objects.condemn([digest], {
      now: utcTimestamp(world.nowMs),
      by: 'collector',
      storeNames: ['main'],
    });

  test('a digest is leased for an hour, and until the keeper ends', async () => {
    const keeper = makeKeeper();
    await keeper.hold(a);
    expect(epochMsOf((await leasedUntil(a)) as string)).toBe(world.nowMs + leaseMs);
    expect(leaseMs).toBe(3_600_000);
    expect(await condemn(a)).toEqual([]);
    await keeper[Symbol.asyncDispose]();
    expect(await leasedUntil(a)).toBeUndefined();
    expect(await condemn(a)).toEqual([a]);
  });

  test('a digest that is held many times, also at once, has one lease, and none afterwards', async () => {
    const keeper = makeKeeper();
    await Promise.all([keeper.hold(a), keeper.hold(a), keeper.hold(b), keeper.hold(a)]);
    await keeper.hold(a);
    expect(ids).toHaveLength(2);
    await registry.unitOfWork((repositories) => keeper.assertStanding(repositories));
    await keeper[Symbol.asyncDispose]();
    expect(await leasedUntil(a)).toBeUndefined();
  });

  test('leases are renewed every quarter of an hour, many in few transactions, and not after the end', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const units = vi.fn<RegistryStore['unitOfWork']>((work) => registry.unitOfWork(work));
    const digests = Array.from({ length: 501 }, (_, index) =>
      digestOfHex(index.toString(16).padStart(64, '0')),
    );
    const keeper = makeKeeper({}, overriding(registry, { unitOfWork: units as RegistryStore['unitOfWork'] }));
    for (const digest of digests) await keeper.hold(digest);
    world.nowMs += leaseMs / 4;
    vi.advanceTimersByTime(leaseMs / 4);
    const renewed = utcTimestamp(world.nowMs + leaseMs);
    await vi.waitFor(async () => expect(await leasedUntil(digests.at(-1) as Digest)).toBe(renewed));
    expect(await leasedUntil(digests[0] as Digest)).toBe(renewed);
    expect(units).toHaveBeenCalledTimes(2);
    await keeper[Symbol.asyncDispose]();
    vi.advanceTimersByTime(leaseMs);
    expect(units).toHaveBeenCalledTimes(2);
    expect(await registry.repositories.objects.findUnreferenced(digests)).toEqual(
      digests.map((digest) => ({ digest })),
    );
  });

  test('a renewal that is under way at the end makes no lease anew, and one that fails harms nobody', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const slow = overriding<RegistryStore>(registry, {
      unitOfWork: async (work) => {
        reached.resolve();
        await gate.promise;
        return registry.unitOfWork(work);
      },
    });
    const keeper = makeKeeper({}, slow);
    await keeper.hold(a);
    vi.advanceTimersByTime(leaseMs / 4);
    await reached.promise;
    const ending = keeper[Symbol.asyncDispose]();
    gate.resolve();
    await ending;
    expect(await leasedUntil(a)).toBeUndefined();

    const broken = overriding<RegistryStore>(registry, {
      unitOfWork: () => Promise.reject(new Error('the disk is full')),
    });
    const other = makeKeeper({}, broken);
    await other.hold(a);
    vi.advanceTimersByTime(leaseMs / 4);
    await other[Symbol.asyncDispose]();
    expect(await leasedUntil(a)).toBeUndefined();
  });

  test('a lease that lapsed is no hindrance to publishing, unless its digest was condemned meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const keeper = makeKeeper();
    await keeper.hold(a);
    await keeper.hold(b);
    world.nowMs += leaseMs + 1;
    await registry.unitOfWork((repositories) => keeper.assertStanding(repositories));
    expect(await condemn(a)).toEqual([a]);
    const asserting = (): Promise<void> =>
      registry.unitOfWork((repositories) => keeper.assertStanding(repositories));
    const error = await expectCode(asserting(), 'unavailable');
    expect(error).toMatchObject({ retry: 'temporary', key: a, hint: 'Save it again.' });
    await registry.repositories.objects.absolve([a], 'collector');
    await expectCode(asserting(), 'unavailable');
    vi.advanceTimersByTime(leaseMs / 4);
    await vi.waitFor(async () => expect(await leasedUntil(b)).toBe(utcTimestamp(world.nowMs + leaseMs)));
    await expectCode(asserting(), 'unavailable');
    expect(await leasedUntil(a)).toBeUndefined();
    await keeper[Symbol.asyncDispose]();
  });

  test('a condemned digest is waited for, ever longer, and leased when it is free', async () => {
    const takeOver = vi.fn<() => Promise<void>>();
    const keeper = makeKeeper({ takeOver });
    await condemn(a);
    whilePausing = async () => {
      expect(await leasedUntil(a)).toBeUndefined();
      if (pauses.length === 6) await registry.repositories.objects.absolve([a], 'collector');
    };
    await keeper.hold(a);
    expect(pauses).toEqual([20, 40, 80, 160, 320, 640]);
    expect(takeOver).not.toHaveBeenCalled();
    expect(await leasedUntil(a)).toBeDefined();
    await keeper[Symbol.asyncDispose]();
  });

  test('a digest that stays condemned is taken over after ten seconds, as often as it needs', async () => {
    let takenOver = 0;
    const takeOver = async (digest: Digest): Promise<void> => {
      expect(digest).toBe(a);
      if (++takenOver === 3) await registry.repositories.objects.absolve([a], 'collector');
    };
    const keeper = makeKeeper({ takeOver });
    await condemn(a);
    await keeper.hold(a);
    expect(takenOver).toBe(3);
    const untilFirst = pauses.slice(0, -2).reduce((sum, pauseMs) => sum + pauseMs, 0);
    expect(untilFirst).toBeGreaterThanOrEqual(10_000);
    expect(untilFirst).toBeLessThan(11_000);
    expect(Math.max(...pauses)).toBe(1_000);
    await keeper[Symbol.asyncDispose]();
  });

  test('a take-over that fails, and any refusal but a condemnation, end the waiting', async () => {
    const failure = new StorageError({ code: 'unavailable', operation: 'delete', backend: 'memory' });
    await using keeper = makeKeeper({ takeOver: () => Promise.reject(failure) });
    await condemn(a);
    await expect(keeper.hold(a)).rejects.toBe(failure);
    const { objects } = registry.repositories;
    const repositories = {
      ...registry.repositories,
      objects: overriding(objects, { putLease: () => Promise.reject(failure) }),
    };
    await using other = makeKeeper({}, overriding(registry, { repositories }));
    await expect(other.hold(b)).rejects.toBe(failure);
  });

  test('waiting ends when it is cancelled, and when the keeper has ended', async () => {
    const controller = new AbortController();
    const keeper = makeKeeper({ signal: controller.signal });
    await condemn(a);
    const holding = keeper.hold(a);
    await vi.waitFor(() => expect(pauses.length).toBeGreaterThan(2));
    controller.abort();
    await expectCode(holding, 'cancelled');
    await keeper[Symbol.asyncDispose]();
    await expectCode(keeper.hold(b), 'cancelled');
    expect(await leasedUntil(b)).toBeUndefined();
  });

  test('a lease that is being written at the end is ended too', async () => {
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { objects } = registry.repositories;
    const slow = overriding(objects, {
      putLease: async (lease) => {
        reached.resolve();
        await gate.promise;
        return objects.putLease(lease);
      },
    });
    const repositories = { ...registry.repositories, objects: slow };
    const keeper = makeKeeper({}, overriding(registry, { repositories }));
    const holding = keeper.hold(a);
    await reached.promise;
    const ending = keeper[Symbol.asyncDispose]();
    gate.resolve();
    await Promise.all([holding, ending]);
    expect(await leasedUntil(a)).toBeUndefined();
  });

  test('leases that cannot be ended are left to lapse: that is no failure', async () => {
    const { objects } = registry.repositories;
    const broken = {
      ...registry.repositories,
      objects: overriding(objects, { deleteLeases: () => Promise.reject(new Error('no')) }),
    };
    const keeper = makeKeeper({}, overriding(registry, { repositories: broken }));
    await keeper.hold(a);
    await keeper[Symbol.asyncDispose]();
    expect(await leasedUntil(a)).toBeDefined();
  });
});
