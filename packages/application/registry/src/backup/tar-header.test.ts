import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ByteCursor } from './byte-cursor.ts';
import { readTar } from './read-tar.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-header.ts';

test.each([0, 1, 511, 512, 513])('%i bytes come back in pieces of any size', async (sizeBytes) => {
  const file = { name: 'a', sizeBytes, modifiedSeconds: 1_700_000_000 };
  const parts = [tarHeader(file), Buffer.alloc(sizeBytes, 7), tarPadding(sizeBytes), tarEnd()];
  const archive = Buffer.concat(parts);
  expect(archive.byteLength % 512).toBe(0);
  async function* pieces(): AsyncIterable<Uint8Array> {
    for (let start = 0; start < archive.byteLength; start += 100) yield archive.subarray(start, start + 100);
  }
  for await (const entry of readTar(new ByteCursor(pieces()))) {
    expect(entry).toMatchObject(file);
    expect(Buffer.concat(await Array.fromAsync(entry.body))).toEqual(Buffer.alloc(sizeBytes, 7));
  }
});

test('a file of more than 8 GiB has a size that tar reads, and that is read here', async () => {
  const sizeBytes = 9_000_000_123;
  const file = { name: 'objects/large', sizeBytes, modifiedSeconds: 1_700_000_000 };
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  try {
    const path = join(folder, 'large.tar');
    const handle = await open(path, 'w');
    const header = tarHeader(file);
    await handle.write(header);
    await handle.truncate(
      header.byteLength + sizeBytes + tarPadding(sizeBytes).byteLength + tarEnd().byteLength,
    );
    await handle.close();
    const listed = spawnSync('tar', ['tvf', path], { encoding: 'utf8' });
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    expect(listed.stdout).toContain(` ${sizeBytes} `);
    async function* beginning(): AsyncIterable<Uint8Array> {
      yield header;
    }
    const files = readTar(new ByteCursor(beginning()))[Symbol.asyncIterator]();
    expect((await files.next()).value).toMatchObject(file);
  } finally {
    await rm(folder, { recursive: true });
  }
});
