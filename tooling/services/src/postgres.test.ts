import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { postgres } from './postgres.ts';

it('runs PostgreSQL, also as root, and ends it', { timeout: 60_000 }, async () => {
  const running = await postgres.open();
  if (running === undefined) return;
  const { port, protocol } = new URL(running.address);
  expect(protocol).toBe('postgres:');
  await reach(Number(port));
  await running[Symbol.asyncDispose]();
  await expect(reach(Number(port))).rejects.toThrow('ECONNREFUSED');
});

function reach(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
