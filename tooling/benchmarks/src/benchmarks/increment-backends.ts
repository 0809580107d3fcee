import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import {
  type RunningService,
  type Service,
  azureTestAccount,
  azurite,
  fakeGcsServer,
  postgres,
  redis,
} from '@holdfast/tooling-services';
import { countInProcesses } from '../counters/count-in-processes.ts';
import type { CounterPlace } from '../counters/counter-place.ts';
import { type Benchmark, BenchmarkGroup, type Contest } from '../framework/benchmark.ts';
import type { Setting } from '../framework/setting.ts';
import { S3Server } from '../material/s3-server.ts';

const processes = 8;
const bucket = 'counters';
const amount = {
  full: { count: 400, unit: 'increments' },
  quick: { count: 40, unit: 'increments' },
} as const;

/** A store that counts are kept in, and what of it ends. */
interface OpenedPlace extends AsyncDisposable {
  readonly place: CounterPlace;
}

/** Counting in one object of every backend that replaces conditionally, each on its server. */
export const incrementBackends: readonly Benchmark[] = [
  declare('sqlite', 'each increment', async (setting) => ({
    place: { backend: 'database', url: `sqlite:${setting.path('objects.db')}` },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })),
  declare('postgres', 'nothing: the server runs with fsync off', () =>
    openOn(postgres, async (url) => ({ backend: 'database', url })),
  ),
  declare('redis', 'nothing: the server keeps all in memory', () =>
    openOn(redis, async (url) => ({ backend: 'redis', url })),
  ),
  declare('s3', 'nothing: versitygw syncs nothing', openS3),
  declare('azure', 'nothing: azurite keeps all in memory', () =>
    openOn(azurite, async (endpoint) => {
      await makeContainer(endpoint);
      return { backend: 'azure', endpoint, bucket };
    }),
  ),
  declare('gcs', 'nothing: fake-gcs-server keeps all in memory', () =>
    openOn(fakeGcsServer, async (endpoint) => {
      await makeGcsBucket(endpoint);
      return { backend: 'gcs', endpoint, bucket };
    }),
  ),
];

function declare(
  backend: string,
  synced: string,
  open: (setting: Setting) => Promise<OpenedPlace>,
): Benchmark {
  return {
    name: `increment-${backend}`,
    group: BenchmarkGroup.Contention,
    work: `the same in ${backend}`,
    quantity: 'time',
    amount,
    conditions: {
      atOnce: processes,
      processState: 'warm',
      fileCache: 'warm',
      synced,
      buffer: "the caller's; the limit is one process alone",
    },
    prepare: async (setting) => prepare(await open(setting), setting.amount.count),
  };
}

function prepare(opened: OpenedPlace, count: number): Contest {
  return {
    ours: countInProcesses('Holdfast', opened.place, { count, processes }),
    peers: [],
    limit: countInProcesses('one process alone', opened.place, { count, processes: 1 }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

async function openOn(
  service: Service,
  placeAt: (address: string) => Promise<CounterPlace>,
): Promise<OpenedPlace> {
  await service.install();
  const running: RunningService | undefined = await service.open();
  if (running === undefined) throw new Error(`${service.name} is missing.`);
  try {
    const place = await placeAt(running.address);
    return { place, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}

async function openS3(): Promise<OpenedPlace> {
  const server = await S3Server.open();
  const place = await server.makeBucket();
  return { place: { backend: 's3', ...place }, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function makeContainer(endpoint: string): Promise<void> {
  const { account, accountKey } = azureTestAccount;
  const credential = new StorageSharedKeyCredential(account, accountKey);
  await new ContainerClient(`${endpoint}/${bucket}`, credential).create();
}

async function makeGcsBucket(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/storage/v1/b?project=bench`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  });
  if (!answer.ok) throw new Error(`The bucket was not made: ${answer.status}`);
}
