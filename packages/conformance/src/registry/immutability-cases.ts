import { LineageRelation, type ModelVersion, ScanVerdict, VersionStatus, changeTags } from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import {
  sampleDigest,
  sampleId,
  sampleModel,
  sampleStorage,
  sampleTime,
  sampleVersion,
} from './sample-records.ts';

const model = sampleModel(1);

/** What is fixed once a version is ready: one change of each. */
const forbidden: { readonly [Field in keyof ModelVersion]?: ModelVersion[Field] } = {
  number: 9,
  modelId: sampleId(2),
  modelName: 'another',
  createdAt: sampleTime(77),
  artifactKind: 'tree',
  storage: sampleStorage(1).with({ checksum: sampleDigest(5) }),
  totalSizeBytes: 5,
  fileCount: 2,
  sourceName: 'other.onnx',
  metrics: { accuracy: 0.5 },
  parameters: { rate: '2' },
  signature: { inputs: [], outputs: [] },
  inspection: { opset: 2 },
  lineage: [{ relation: LineageRelation.TrainedOn, to: { kind: 'external', id: 'https://other' } }],
  manifestDigest: sampleDigest(6),
};

const content = {
  metrics: { accuracy: 0.97, loss: 0.1 },
  parameters: { rate: '1' },
  inspection: { opset: 1 },
};

/** What of a version cannot change, whoever asks for it. */
export const immutabilityCases: readonly UngroupedRegistryCase[] = [
  ...Object.entries(forbidden).map(([field, value]): UngroupedRegistryCase => ({
    name: `the field ${field} of a version that is ready cannot change`,
    run: async ({ versions }) => {
      const ready = await versions.save(sampleVersion(model, 1, content));
      const changed = { ...ready, [field]: value };
      await expectRefusal(versions.save(changed), StorageErrorCode.InvalidArgument);
      expect(await versions.findAll()).toEqual({ items: [ready] });
      const deprecated = await versions.save({ ...ready, status: VersionStatus.Deprecated });
      await expectRefusal(
        versions.save({ ...changed, status: VersionStatus.Deprecated, revision: deprecated.revision }),
        StorageErrorCode.InvalidArgument,
      );
      expect(await versions.findById(ready.id)).toEqual(deprecated);
    },
  })),
  {
    name: 'a metric that is removed from a version that is ready is refused as well',
    run: async ({ versions }) => {
      const ready = await versions.save(sampleVersion(model, 1, content));
      await expectRefusal(
        versions.save({ ...ready, metrics: { accuracy: 0.97 } }),
        StorageErrorCode.InvalidArgument,
      );
      expect(await versions.findById(ready.id)).toEqual(ready);
    },
  },
  {
    name: 'tags, status, verdict and history of a version that is ready change, in whatever order its fields come',
    run: async ({ versions }) => {
      const ready = await versions.save(sampleVersion(model, 1, content));
      const metrics = { loss: 0.1, accuracy: 0.97 };
      const tagged = await versions.save({
        ...changeTags(ready, { stage: 'gold' }, { now: sampleTime(5), by: 'ana' }),
        metrics,
      });
      const state = { status: VersionStatus.Deprecated, verdict: ScanVerdict.Safe };
      const changed = await versions.save({ ...tagged, ...state });
      const history = [{ at: sampleTime(5), field: 'tag', tag: 'stage', to: 'gold', by: 'ana' }];
      expect(changed).toMatchObject({ ...state, tags: { stage: 'gold' }, history, revision: 3 });
      expect(await versions.findById(ready.id)).toEqual(changed);
    },
  },
  {
    name: 'a version that is pending may change, and none becomes pending again',
    run: async ({ versions }) => {
      const pending = await versions.save(sampleVersion(model, 1, { status: VersionStatus.Pending }));
      const ready = await versions.save({ ...pending, ...content, status: VersionStatus.Ready });
      expect(ready).toMatchObject(content);
      await expectRefusal(
        versions.save({ ...ready, status: VersionStatus.Pending }),
        StorageErrorCode.InvalidArgument,
      );
    },
  },
  {
    name: 'the number of a version that was removed is never used again, not by another id or a new model of the name',
    run: async ({ models, versions, store }) => {
      const made = await models.save(model);
      const removed = await versions.save(sampleVersion(made, 3));
      await versions.save(sampleVersion(made, 2));
      await store.unitOfWork((work) => work.versions.delete(removed.id));
      const again = sampleVersion(made, 3, { id: sampleId(77) });
      await expectRefusal(versions.save(again), StorageErrorCode.AlreadyExists);
      await models.delete(made.id);
      const second = await models.save(sampleModel(2, { name: made.name }));
      await expectRefusal(versions.save(sampleVersion(second, 3)), StorageErrorCode.AlreadyExists);
      expect(await versions.save(sampleVersion(second, 4))).toMatchObject({ number: 4 });
      expect(await versions.save(sampleVersion(sampleModel(3), 3))).toMatchObject({ number: 3 });
    },
  },
  {
    name: 'the number of a version that a unit of work removed in vain is still that of the version',
    run: async ({ versions, store }) => {
      const kept = await versions.save(sampleVersion(model, 3));
      const failure = new Error('given up');
      await expect(
        store.unitOfWork(async (work) => {
          await work.versions.delete(kept.id);
          throw failure;
        }),
      ).rejects.toBe(failure);
      expect(await versions.findByNumber(model.id, 3)).toEqual(kept);
    },
  },
];
