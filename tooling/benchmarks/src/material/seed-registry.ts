import { createHash } from 'node:crypto';
import { SqlRegistryStore } from '@holdfast/adapter-sql';
import {
  ModelStorageInfo,
  type Repositories,
  createModel,
  createReadyVersion,
  digestOfHex,
  utcTimestamp,
} from '@holdfast/domain';

const modelsPerTransaction = 500;
const firstDay = Date.UTC(2026, 0, 1);

export interface RegistrySize {
  readonly models: number;
  readonly versionsPerModel: number;
}

/** Fills a registry with models as people make them: tags, metrics, an alias. */
export async function seedRegistry(path: string, { models, versionsPerModel }: RegistrySize): Promise<void> {
  await using registry = await SqlRegistryStore.open({ url: `sqlite:${path}` });
  for (let begin = 0; begin < models; begin += modelsPerTransaction) {
    await registry.unitOfWork(async (repositories) => {
      const end = Math.min(models, begin + modelsPerTransaction);
      for (let number = begin; number < end; number++) await addModel(repositories, number, versionsPerModel);
    });
  }
}

async function addModel(
  { models, versions, aliases }: Repositories,
  number: number,
  versionCount: number,
): Promise<void> {
  const name = `team-${number % 20}/classifier-${String(number).padStart(5, '0')}`;
  const now = utcTimestamp(firstDay + number * 1_000);
  const model = await models.save(createModel({ id: idOf(number, 0), name, tags: { stage: 'dev' }, now }));
  for (let version = 1; version <= versionCount; version++) {
    await versions.save(
      createReadyVersion({
        id: idOf(number, version),
        modelId: model.id,
        modelName: name,
        number: await models.reserveNumber(name),
        artifactKind: 'file',
        storage: storageOf(number, version),
        totalSizeBytes: 65_536,
        fileCount: 1,
        metrics: { accuracy: 0.97, f1: 0.96 },
        parameters: { layers: '4' },
        lineage: [],
        verdict: 'safe',
        tags: { stage: 'prod', owner: `team-${number % 20}` },
        now,
      }),
    );
  }
  await aliases.move({ modelId: model.id, name: 'champion', to: versionCount, expectedRevision: 0, now });
}

function storageOf(number: number, version: number): ModelStorageInfo {
  const hex = createHash('sha256').update(`${number}:${version}`).digest('hex');
  return ModelStorageInfo.of({
    storageBackend: 'local_filesystem',
    storeName: 'default',
    storagePath: `objects/sha256/${hex.slice(0, 2)}/${hex}`,
    format: 'onnx',
    sizeBytes: 65_536,
    checksum: digestOfHex(hex),
  });
}

/** Has the form of a UUID, version 7, and sorts as its numbers do. */
function idOf(model: number, version: number): string {
  return `019b7a5e-0000-7000-8000-${(model * 1_000 + version).toString(16).padStart(12, '0')}`;
}
