import { mkdir, writeFile } from 'node:fs/promises';
import { StorageError } from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { type RunStep, steppingAdapter, steppingRegistry } from './support/stepwise.ts';
import { type RegistryKind, World, noFaults, registryKinds, sampleBytes } from './support/world.ts';

/** Fails at one step: before or after it has done its work, once or for ever, as a process that dies does. */
interface Failure {
  readonly atStep: number;
  readonly when: 'before' | 'after';
  readonly isLasting: boolean;
}

class FailingSteps {
  readonly names: string[] = [];
  readonly #failure: Failure | undefined;

  constructor(failure?: Failure) {
    this.#failure = failure;
  }

  readonly run: RunStep = async (name, work) => {
    const step = this.names.push(name) - 1;
    const failure = this.#failure;
    const isHit =
      failure !== undefined && (step === failure.atStep || (failure.isLasting && step > failure.atStep));
    if (isHit && (failure.when === 'before' || step > failure.atStep)) throw broken(name);
    const result = await work();
    if (isHit) throw broken(name);
    return result;
  };
}

function broken(name: string): StorageError {
  return new StorageError({
    code: 'unavailable',
    operation: name,
    backend: 'memory',
    message: `${name} broke`,
  });
}

interface Scenario {
  readonly save: (world: World) => Promise<unknown>;
  readonly store?: 'hashed first';
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'a stream': {
    save: ({ persistence }) =>
      persistence.save(once(sampleBytes(5_000)), { name: 'model', tags: { a: 'b' } }),
  },
  'a stream, hashed first': {
    save: ({ persistence }) => persistence.save(once(sampleBytes(5_000)), { name: 'model' }),
    store: 'hashed first',
  },
  'bytes that are there already': {
    save: ({ persistence }) => persistence.save(sampleBytes(100, 7), { name: 'other' }),
  },
  'a folder': {
    save: async ({ persistence, folder }) => {
      const path = folder.join('tree');
      await mkdir(`${path}/sub`, { recursive: true });
      await writeFile(`${path}/a`, sampleBytes(100, 2));
      await writeFile(`${path}/sub/b`, sampleBytes(200, 3));
      await writeFile(`${path}/sub/same`, sampleBytes(200, 3));
      return persistence.saveFolder(path, { name: 'model' });
    },
  },
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Saves with a failure at one step, as another process than the one that looks at it afterwards. */
async function saveFailing(
  kind: RegistryKind,
  { save, store = 'memory' as never }: Scenario,
  failure?: Failure,
) {
  const world = await World.make(kind, { store });
  await world.persistence.save(sampleBytes(100, 7), { name: 'present' });
  const steps = new FailingSteps(failure);
  const saving = world.beside({
    registry: (registry) => steppingRegistry(registry, steps.run),
    adapter: (adapter) => steppingAdapter(adapter, steps.run),
  });
  const outcome = await save(saving).then(
    () => 'saved' as const,
    (error: unknown) => error,
  );
  return { world, outcome, steps };
}

describe.each(registryKinds)('%s', (kind) => {
  describe.each(Object.entries(scenarios))('saving %s', (_name, scenario) => {
    test.each(['before', 'after'] as const)(
      'fails whole or not at all, whichever step breaks %s its work',
      async (when) => {
        const { steps, world: rehearsal, outcome: whole } = await saveFailing(kind, scenario);
        await rehearsal[Symbol.asyncDispose]();
        expect(whole).toBe('saved');
        expect(steps.names).toContain('put');
        expect(steps.names.filter((name) => name === 'unitOfWork').length).toBeGreaterThan(0);
        for (let atStep = 0; atStep < steps.names.length; atStep++) {
          await using failed = await expectWhole(kind, scenario, { atStep, when, isLasting: false });
          expect(await failed.faultsCollected(), steps.names[atStep]).toEqual(noFaults);
          expect(await failed.registry.repositories.objects.listCondemned()).toEqual([]);
          await expectLeft(failed, steps.names[atStep]);
        }
      },
    );

    test.each(['before', 'after'] as const)(
      'leaves objects that are collected later, when the process dies %s any step',
      async (when) => {
        const { steps, world: rehearsal } = await saveFailing(kind, scenario);
        await rehearsal[Symbol.asyncDispose]();
        for (let atStep = 0; atStep < steps.names.length; atStep++) {
          await using failed = await expectWhole(kind, scenario, { atStep, when, isLasting: true });
          expect((await failed.faults()).missing).toEqual([]);
          await expectLeft(failed, steps.names[atStep]);
          // The dead process has left leases; an hour later they count no more.
          failed.nowMs += 3_600_001;
          for await (const item of failed.collection.collect()) expect(item.outcome).toBe('removed');
          expect(await failed.faults(), steps.names[atStep]).toEqual(noFaults);
          await scenario.save(failed);
          expect(await failed.faults()).toEqual(noFaults);
        }
      },
    );
  });

  /** A save that was reported as failed has left no version, or, where its very commit broke, a whole one. */
  async function expectWhole(registry: RegistryKind, scenario: Scenario, failure: Failure): Promise<World> {
    const { world, outcome, steps } = await saveFailing(registry, scenario, failure);
    const name = steps.names[failure.atStep] ?? '';
    const versions = (await world.versions()).filter(({ modelName }) => modelName !== 'present');
    if (outcome !== 'saved') expect(String(outcome)).toContain('broke');
    const mayBeThere = outcome === 'saved' || (failure.when === 'after' && name === 'unitOfWork');
    if (!mayBeThere) expect(versions, name).toEqual([]);
    for (const version of versions) {
      if (version.artifactKind === 'file') await world.persistence.load(version);
      else await world.persistence.loadToPath(version, world.folder.join('out'));
    }
    return world;
  }

  /** No model without a version, and nothing beside the store. */
  async function expectLeft(world: World, step: string | undefined): Promise<void> {
    const { items } = await world.models.listModels();
    expect(
      items.filter(({ versionCount }) => versionCount === 0),
      step,
    ).toEqual([]);
    expect((await world.folder.names()).filter((name) => !/^(?:tree|out|registry)/.test(name))).toEqual([]);
  }
});
