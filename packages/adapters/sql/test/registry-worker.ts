import { SqlRegistryStore } from '@holdfast/adapter-sql';
import {
  ModelStorageInfo,
  type RegistryStore,
  createModel,
  createReadyVersion,
  digestOfHex,
  utcTimestamp,
} from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';

/** Works on a shared registry: `registry-worker.ts URL SCHEMA WORKER ROUNDS`. Prints what it did as JSON. */
const [url = '', schema = '', worker = '', rounds = ''] = process.argv.slice(2);
const modelId = 'shared-model';
const now = utcTimestamp(Date.now());

await using store = await SqlRegistryStore.open({
  url,
  busyTimeoutMs: 60_000,
  ...(schema === '' ? {} : { schema }),
});
await store.repositories.models
  .save(createModel({ id: modelId, name: 'shared', description: '0', now }))
  .catch((error: unknown) => {
    if (!StorageError.isInstance(error, StorageErrorCode.AlreadyExists)) throw error;
  });
const numbers: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  numbers.push(await publish(store, `${worker}-${round}`));
  await raiseCounter(store);
  await moveAlias(store, Number(worker) + 1);
}
process.stdout.write(JSON.stringify({ numbers, registryId: await store.registryId() }));

async function publish({ repositories: { models, versions } }: RegistryStore, id: string): Promise<number> {
  const number = await models.reserveNumber('shared');
  const digest = digestOfHex(number.toString(16).padStart(64, '0'));
  const storage = ModelStorageInfo.memory({
    storagePath: 'a',
    format: 'onnx',
    sizeBytes: 1,
    checksum: digest,
  });
  const version = {
    id,
    modelId,
    modelName: 'shared',
    number,
    storage,
    totalSizeBytes: 1,
    fileCount: 1,
    now,
  } as const;
  const empty = {
    metrics: {},
    parameters: {},
    lineage: [],
    tags: {},
    verdict: 'unscanned',
    artifactKind: 'file',
  } as const;
  await versions.save(createReadyVersion({ ...version, ...empty }));
  return number;
}

async function raiseCounter(registry: RegistryStore): Promise<void> {
  await registry.unitOfWork(async ({ models }) => {
    const model = await models.findById(modelId);
    if (model === undefined) throw new Error('the model vanished');
    await models.save({ ...model, description: String(Number(model.description) + 1) });
  });
}

async function moveAlias({ repositories: { aliases } }: RegistryStore, to: number): Promise<void> {
  for (;;) {
    const expectedRevision = (await aliases.find(modelId, 'champion'))?.revision ?? 0;
    try {
      await aliases.move({ modelId, name: 'champion', to, expectedRevision, now });
      return;
    } catch (error) {
      if (!StorageError.isInstance(error, StorageErrorCode.PreconditionFailed)) throw error;
    }
  }
}
