/** Sends objects to a server of S3 or fetches them, whenever the parent process says so, and tells what that cost. */
import { open } from 'node:fs/promises';
import { atOnce } from '../framework/at-once.ts';
import { checkBytes } from '../material/check.ts';
import { sampleBytes } from '../material/sample-bytes.ts';
import { openHoldfast } from '../s3/open-holdfast.ts';
import { openSdk } from '../s3/open-sdk.ts';
import { type ManyObjects, type S3Report, type S3Work, keyOf } from '../s3/s3-work.ts';
import { MemoryAboveIdle } from './memory-above-idle.ts';

const [library = '', endpoint = '', bucket = ''] = process.argv.slice(2);
const s3 = (library === 'holdfast' ? openHoldfast : openSdk)({ endpoint, bucket });
await s3.put(`opened/${process.pid}`, Buffer.from('opens the connection'));
process.on('message', (work: S3Work) => {
  run(work).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

function run(work: S3Work): Promise<S3Report> {
  switch (work.does) {
    case 'put-many':
      return putMany(work.objects);
    case 'get-many':
      return getMany(work.objects);
    case 'put-file':
      return cost(() => s3.putFile(work.key, work.path));
    case 'get-file':
      return cost(() => getFile(work));
  }
}

function putMany(objects: ManyObjects): Promise<S3Report> {
  const bodies = Array.from({ length: objects.count }, (_, number) => sampleBytes(objects.sizeBytes, number));
  return cost(() =>
    atOnce(objects.count, objects.atOnce, (number) =>
      s3.put(keyOf(objects, number), bodies[number] as Buffer),
    ),
  );
}

async function getMany(objects: ManyObjects): Promise<S3Report> {
  const found: Uint8Array[] = [];
  const report = await cost(() =>
    atOnce(objects.count, objects.atOnce, async (number) => {
      found[number] = await s3.get(keyOf(objects, number));
    }),
  );
  for (const [number, bytes] of found.entries())
    checkBytes(bytes, sampleBytes(objects.sizeBytes, number), `object ${number} of ${s3.name}`);
  return report;
}

async function getFile({ key, path, inParts }: S3Work & { readonly does: 'get-file' }): Promise<void> {
  await using file = await open(path, 'wx');
  for await (const chunk of await s3.open(key, { inParts })) await file.writeFile(chunk);
}

async function cost(work: () => Promise<void>): Promise<S3Report> {
  const memory = new MemoryAboveIdle();
  const [cpu, begin] = [process.cpuUsage(), performance.now()];
  await work();
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds, cpuMilliseconds: (user + system) / 1_000, peakAboveIdleBytes: memory.peakBytes };
}
