import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

const served: string[] = [];
const server = createServer((request, response) => {
  served.push(request.method ?? '');
  request.resume().on('end', () => response.end('x'.repeat(100_000)));
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

async function openProxy(): Promise<FaultProxy> {
  return FaultProxy.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function get(proxy: FaultProxy, method = 'GET'): Promise<number> {
  const headers = { connection: 'close' };
  const response = await fetch(proxy.address, { method, headers, signal: AbortSignal.timeout(500) });
  return (await response.arrayBuffer()).byteLength;
}

test('passes on what it is not told to spoil, and tells the requests', async () => {
  await using proxy = await openProxy();
  expect(await get(proxy)).toBe(100_000);
  expect(proxy.requests).toEqual(['GET /']);
});

test.each([
  { kind: 'outage' },
  { kind: 'cut answer', afterBytes: 1_000, times: 1 },
  { kind: 'cut request', afterBytes: 5, times: 1 },
  { kind: 'silence', afterBytes: 1_000, times: 1 },
  { kind: 'lost answer', methods: ['GET'], times: 1 },
] as const)('fails as it is told to, then works again: $kind', async (fault) => {
  await using proxy = await openProxy();
  proxy.fail(fault);
  await expect(get(proxy)).rejects.toThrow(/fetch failed|terminated|aborted/);
  proxy.heal();
  expect(await get(proxy)).toBe(100_000);
});

test('holds each connection to its bandwidth', async () => {
  await using proxy = await openProxy();
  proxy.fail({ kind: 'bandwidth', bytesPerSecond: 2_000_000 });
  const begin = performance.now();
  expect(await Promise.all([get(proxy), get(proxy)])).toEqual([100_000, 100_000]);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(45);
  proxy.heal();
  expect(await get(proxy)).toBe(100_000);
});

test('loses an answer after the server has served', async () => {
  await using proxy = await openProxy();
  const before = served.length;
  const heard: number[] = [];
  proxy.onLost = async () => void heard.push(served.length);
  proxy.fail({ kind: 'lost answer', methods: ['PUT'], times: 1 });
  expect(await get(proxy)).toBe(100_000);
  await expect(get(proxy, 'PUT')).rejects.toThrow('fetch failed');
  expect(heard).toEqual([before + 2]);
});

test('knows the commands of Redis, and loses the answer to one', async () => {
  const commands = createTcpServer((socket) => socket.on('data', () => socket.write('+OK\r\n')));
  await new Promise<void>((resolve) => commands.listen(0, '127.0.0.1', resolve));
  await using proxy = await FaultProxy.open(`redis://127.0.0.1:${(commands.address() as AddressInfo).port}`);
  const { protocol, port } = new URL(proxy.address);
  proxy.fail({ kind: 'lost answer', methods: ['SET'], times: 1 });
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('*2\r\n$3\r\nget\r\n$1\r\nk\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.write('*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1\r\nv\r\n');
  const [failure] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  commands.close();
  expect([protocol, String(answer), failure.code]).toEqual(['redis:', '+OK\r\n', 'ECONNRESET']);
  expect(proxy.requests).toEqual(['get', 'set']);
});
