import {
  ArtifactKind,
  LineageRelation,
  type ModelVersion,
  type ModelVersionFilter,
  ScanVerdict,
  VersionStatus,
  createReadyVersion,
} from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleDigest, sampleModel, sampleStorage, sampleTime, sampleVersion } from './sample-records.ts';

const [first, second] = [sampleModel(1), sampleModel(2)];

/** What versions promise beside what every repository does. */
export const versionCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a second version of a model and number is refused, and the first one stays',
    run: async ({ versions }) => {
      const saved = await versions.save(sampleVersion(first, 1));
      const again = sampleVersion(first, 1, { id: sampleVersion(first, 2).id, tags: { again: 'yes' } });
      await expectRefusal(versions.save(again), StorageErrorCode.AlreadyExists);
      await versions.save(sampleVersion(second, 1));
      expect(await versions.findByNumber(first.id, 1)).toEqual(saved);
      expect(await versions.count({ tags: { again: 'yes' } })).toBe(0);
      expect(await versions.count()).toBe(2);
    },
  },
  {
    name: 'a version is found by model and number',
    run: async ({ versions }) => {
      for (const number of [1, 2, 10]) await versions.save(sampleVersion(first, number));
      const other = await versions.save(sampleVersion(second, 2));
      expect((await versions.findByNumber(first.id, 10))?.number).toBe(10);
      expect(await versions.findByNumber(second.id, 2)).toEqual(other);
      expect(await versions.findByNumber(second.id, 1)).toBeUndefined();
      expect(await versions.findByNumber(first.id, 0)).toBeUndefined();
    },
  },
  {
    name: 'the newest version is the ready or deprecated one with the greatest number',
    run: async ({ versions }) => {
      expect(await versions.findLatest(first.id)).toBeUndefined();
      for (const [number, status] of [
        [9, 'ready'],
        [10, 'deprecated'],
        [2, 'ready'],
        [11, 'pending'],
      ] as const) {
        await versions.save(sampleVersion(first, number, { status, createdAt: sampleTime(100 - number) }));
      }
      await versions.save(sampleVersion(second, 99));
      const latest = await versions.findLatest(first.id);
      expect(latest).toMatchObject({ number: 10, modelId: first.id });
      await versions.delete(latest?.id ?? '');
      expect((await versions.findLatest(first.id))?.number).toBe(9);
      for (const number of [9, 2]) await versions.delete(sampleVersion(first, number).id);
      expect(await versions.findLatest(first.id)).toBeUndefined();
    },
  },
  {
    name: 'versions are filtered by each field, and by all of them together',
    run: async (context) => {
      await saveFilterable(context);
      const digest = sampleDigest(2);
      await expectNumbers(context, { modelId: first.id }, [1, 2, 3, 4]);
      await expectNumbers(context, { modelId: 'nobody' }, []);
      await expectNumbers(context, { status: VersionStatus.Deprecated }, [2, 3]);
      await expectNumbers(context, { verdict: ScanVerdict.Dangerous }, [1, 2, 12]);
      await expectNumbers(context, { format: 'safetensors' }, [2, 4]);
      await expectNumbers(context, { digest }, [2, 12]);
      await expectNumbers(context, { tags: { stage: 'gold' } }, [2, 4, 12]);
      await expectNumbers(context, { tags: { stage: 'gold', team: 'a' } }, [2, 12]);
      await expectNumbers(context, { modelId: first.id, tags: { stage: 'gold', team: 'a' } }, [2]);
      await expectNumbers(context, { modelId: first.id, tags: { stage: 'Gold' } }, []);
      await expectNumbers(context, { digest, tags: { team: 'a' }, verdict: ScanVerdict.Dangerous }, [2, 12]);
      const every = {
        modelId: first.id,
        status: VersionStatus.Deprecated,
        verdict: ScanVerdict.Dangerous,
      } as const;
      await expectNumbers(context, { ...every, format: 'safetensors', digest, tags: { stage: 'gold' } }, [2]);
      await expectNumbers(context, { ...every, digest, tags: {}, format: 'onnx' }, []);
    },
  },
  {
    name: 'a version with everything in it comes back from the store, and through JSON, as it was',
    run: async ({ versions }) => {
      const given = fullVersion();
      const saved = await versions.save(given);
      const found = await versions.findById(saved.id);
      expect(found).toEqual({ ...given, revision: 1 });
      expect(found?.storage.equals(given.storage)).toBe(true);
      expect(found?.storage.with({ sizeBytes: 1 }).sizeBytes).toBe(1);
      expect(JSON.parse(JSON.stringify(found))).toEqual(
        JSON.parse(JSON.stringify({ ...given, revision: 1 })),
      );
      expect(await versions.findByNumber(first.id, 1)).toEqual(found);
      expect(await versions.findLatest(first.id)).toEqual(found);
      expect((await versions.findAll()).items).toEqual([found]);
    },
  },
  {
    name: 'what a version does not have stays absent',
    run: async ({ versions }) => {
      await versions.save(sampleVersion(first, 1));
      const found = await versions.findByNumber(first.id, 1);
      expect(Object.keys(found ?? {}).toSorted()).toEqual(Object.keys(sampleVersion(first, 1)).toSorted());
    },
  },
  {
    name: 'an inspection of two megabytes comes back as it was',
    run: async ({ versions }) => {
      const tensors = Array.from({ length: 20_000 }, (_, index) => ({
        name: `layer.${index}.weight🔩`,
        shape: [index, 3],
      }));
      const inspection = { tensors, text: "ü'".repeat(500_000) };
      await versions.save(sampleVersion(first, 1, { inspection }));
      expect((await versions.findByNumber(first.id, 1))?.inspection).toEqual(inspection);
    },
  },
];

async function saveFilterable({ versions }: RegistryCaseContext): Promise<void> {
  const { Deprecated } = VersionStatus;
  const { Dangerous } = ScanVerdict;
  const safetensors = (number: number) => sampleStorage(number).with({ format: 'safetensors' });
  const gold = { stage: 'gold' };
  await versions.save(sampleVersion(first, 1, { verdict: Dangerous }));
  await versions.save(
    sampleVersion(first, 2, {
      status: Deprecated,
      verdict: Dangerous,
      storage: safetensors(2),
      tags: { ...gold, team: 'a' },
    }),
  );
  await versions.save(sampleVersion(first, 3, { status: Deprecated }));
  await versions.save(sampleVersion(first, 4, { storage: safetensors(4), tags: { ...gold, team: 'b' } }));
  await versions.save(
    sampleVersion(second, 12, {
      verdict: Dangerous,
      storage: sampleStorage(2),
      tags: { ...gold, team: 'a' },
    }),
  );
}

async function expectNumbers(
  { versions }: RegistryCaseContext,
  filter: ModelVersionFilter,
  numbers: readonly number[],
): Promise<void> {
  const order = { field: 'number', direction: 'ascending' } as const;
  const { items } = await versions.findAll({ filter, order });
  expect(
    items.map(({ number }) => number),
    JSON.stringify(filter),
  ).toEqual(numbers);
  expect(await versions.count(filter), JSON.stringify(filter)).toBe(numbers.length);
}

function fullVersion(): ModelVersion {
  const version = createReadyVersion({
    ...sampleVersion(first, 1),
    now: sampleTime(1),
    artifactKind: ArtifactKind.Tree,
    storage: sampleStorage(1).with({
      contentType: 'a/b; c="d"',
      version: 'v🔩',
      compression: 'zstd',
      metadataPath: 'm/ü',
    }),
    totalSizeBytes: Number.MAX_SAFE_INTEGER,
    fileCount: 1_234_567,
    sourceName: "Modèle d'Ångström 🔩\u0000.onnx",
    metrics: { tiny: Number.MIN_VALUE, huge: Number.MAX_VALUE, third: 1 / 3, negative: -1.5, 'f1/score': 0 },
    parameters: { 'learning rate': '1e-3', empty: '', quote: `'";\\`, lone: '\udc00' },
    signature: {
      inputs: [{ name: 'x', elementType: 'float32', shape: [1, 'batch', null] }],
      outputs: [],
    },
    inspection: { nested: { list: [1, [2, { deep: null }]], flag: false, '': '🔩', 'a.b[0]': 'dots' } },
    lineage: [{ relation: LineageRelation.TrainedOn, to: { kind: 'external', id: 'https://x/?y=ü#z' } }],
    manifestDigest: sampleDigest(99),
    verdict: ScanVerdict.Suspicious,
    tags: { 'a:b/c': '🔩', empty: '' },
  });
  const { at, ...change } = {
    at: sampleTime(2),
    field: 'verdict',
    from: 'unscanned',
    to: 'suspicious',
  } as const;
  return {
    ...version,
    history: [
      { at, ...change, reason: 'weil: "ü"' },
      { at, ...change },
    ],
  };
}
