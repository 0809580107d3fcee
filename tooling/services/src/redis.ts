import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { askRedis } from './ask-redis.ts';
import { cacheFolder } from './cache-folder.ts';
import { defineService, type Service } from './define-service.ts';
import { findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';
import { installSystemPackages } from './install-system-packages.ts';
import { reportMissing } from './report-missing.ts';
import { ServerProcess } from './server-process.ts';
import { makeServiceFolder, removeServiceFolder } from './service-folder.ts';

const cachedProgram = join(cacheFolder, 'redis', 'redis-server');
const masterCount = 3;
const slotCount = 16_384;

/** Redis 7, alone, with nothing on disk. */
export const redis: Service = defineService({
  name: 'redis-server 7',
  variable: 'HOLDFAST_TEST_REDIS_URL',
  find: findRedis,
  install: installRedis,
  start: ({ port, folder }) => ({
    arguments: serverArguments(port, folder),
    address: `redis://127.0.0.1:${port}`,
    isReady: () => isReady(port),
  }),
});

/** Redis 7 as a cluster of three masters, with a third of the slots each; its address is that of one of them. */
export const redisCluster: Service = {
  name: 'redis-server 7 as a cluster',
  install: redis.install,
  open: async () => {
    const variable = 'HOLDFAST_TEST_REDIS_CLUSTER_URL';
    const address = process.env[variable];
    if (address !== undefined) return { address, [Symbol.asyncDispose]: async () => {} };
    const program = findRedis();
    return program === undefined
      ? reportMissing({ name: redisCluster.name, variable })
      : startCluster(program);
  },
};

/** Debian's `redis-tools` has the server's program under another name; its `redis-server` would start one at once. */
async function installRedis(): Promise<void> {
  await installSystemPackages(['redis-tools']);
  const program = findProgram('redis-check-rdb');
  if (program === undefined) throw new Error('redis-tools came without redis-check-rdb');
  mkdirSync(join(cacheFolder, 'redis'), { recursive: true });
  rmSync(cachedProgram, { force: true });
  symlinkSync(program, cachedProgram);
}

function findRedis(): string | undefined {
  return findProgram('redis-server') ?? (existsSync(cachedProgram) ? cachedProgram : undefined);
}

function serverArguments(port: number, folder: string): readonly string[] {
  return ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
}

async function isReady(port: number): Promise<boolean> {
  return (await askRedis(port, 'PING')).startsWith('+PONG');
}

async function startCluster(program: string): ReturnType<Service['open']> {
  const folders: string[] = [];
  const servers: ServerProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.end()));
    await Promise.all(folders.map(removeServiceFolder));
  };
  try {
    const ports: number[] = [];
    for (let number = 0; number < masterCount; number++) {
      const folder = await makeServiceFolder();
      folders.push(folder);
      const [port, busPort] = [await freePort(), await freePort()];
      const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
      const parameters = [...serverArguments(port, folder), ...cluster];
      const server = new ServerProcess(redisCluster.name, program, { arguments: parameters });
      servers.push(server);
      await server.untilReady(() => isReady(port));
      await giveSlots(port, number);
      const [first] = ports;
      if (first !== undefined) await meet(first, { port, busPort });
      ports.push(port);
    }
    for (const [index, port] of ports.entries()) await servers[index]?.untilReady(() => isClusterReady(port));
    return { address: `redis://127.0.0.1:${ports[0]}`, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function giveSlots(port: number, number: number): Promise<void> {
  const [first, next] = [number, number + 1].map((one) => Math.floor((one * slotCount) / masterCount));
  const slots = Array.from({ length: (next ?? 0) - (first ?? 0) }, (_, index) => (first ?? 0) + index);
  await expectOk(await askRedis(port, `CLUSTER ADDSLOTS ${slots.join(' ')}`));
}

async function meet(
  first: number,
  other: { readonly port: number; readonly busPort: number },
): Promise<void> {
  await expectOk(await askRedis(other.port, `CLUSTER SET-CONFIG-EPOCH ${1 + (other.port % 1_000_000)}`));
  await expectOk(await askRedis(first, `CLUSTER MEET 127.0.0.1 ${other.port} ${other.busPort}`));
}

async function isClusterReady(port: number): Promise<boolean> {
  const info = await askRedis(port, 'CLUSTER INFO');
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${masterCount}`);
}

async function expectOk(answer: string): Promise<void> {
  if (!answer.startsWith('+OK')) throw new Error(`redis-server answered: ${answer}`);
}
