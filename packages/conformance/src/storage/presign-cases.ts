import type { PresignedRequest, PresignOptions, StorageAdapter } from '@holdfast/ports';
import { expect } from 'vitest';
import { digestOf } from './digest-of.ts';
import { expectAbsent, expectBytes, expectObject } from './expect-bytes.ts';
import { expectFailure } from './expect-failure.ts';
import { objectKey, putSample } from './put-sample.ts';
import { sampleBytes } from './sample-bytes.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

const key = objectKey('signed/é & 1+1.bin');
const bytes = sampleBytes(10_000);
const expiresInSeconds = 60;

/** Requests for somebody without credentials. All need a backend that speaks HTTP. */
export const presignCases: readonly StorageCase[] = inGroup('presign', [
  {
    name: 'lets somebody without credentials read',
    needs: ['presignGet'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      const request = await presign(adapter, { method: 'GET', expiresInSeconds });
      expect(request.method).toBe('GET');
      const response = await send(request);
      expect(response.status).toBe(200);
      expectBytes(new Uint8Array(await response.arrayBuffer()), bytes);
    },
  },
  {
    name: 'lets a reading request do nothing else',
    needs: ['presignGet'],
    run: async ({ adapter }) => {
      const old = await putSample(adapter, key);
      const request = await presign(adapter, { method: 'GET', expiresInSeconds });
      for (const method of ['PUT', 'DELETE', 'POST']) {
        expect((await send(request, { method, body: 'changed' })).status, method).toBeGreaterThanOrEqual(400);
      }
      expect(await adapter.head(key)).toEqual(old);
    },
  },
  {
    name: 'lets somebody without credentials write',
    needs: ['presignPut'],
    run: async ({ adapter }) => {
      const contentType = 'application/x-model';
      const request = await presign(adapter, { method: 'PUT', expiresInSeconds, contentType });
      expect(request.method).toBe('PUT');
      expect((await send(request, { body: bytes })).ok).toBe(true);
      const info = await expectObject(adapter, key, bytes);
      if (adapter.capabilities.contentType) expect(info.contentType).toBe(contentType);
    },
  },
  {
    name: 'lets a writing request do nothing else',
    needs: ['presignPut'],
    run: async ({ adapter }) => {
      const old = await putSample(adapter, key);
      const request = await presign(adapter, { method: 'PUT', expiresInSeconds });
      for (const method of ['GET', 'DELETE']) {
        expect((await send(request, { method })).status, method).toBeGreaterThanOrEqual(400);
      }
      const elsewhere = { ...request, url: request.url.replace('signed', 'other') };
      expect((await send(elsewhere, { body: bytes })).status, 'another key').toBeGreaterThanOrEqual(400);
      expect(await adapter.head(key)).toEqual(old);
    },
  },
  {
    name: 'holds a writing request to its checksum',
    needs: ['presignPut'],
    run: async ({ adapter }) => {
      const request = await presign(adapter, { method: 'PUT', expiresInSeconds, checksum: digestOf(bytes) });
      expect((await send(request, { body: sampleBytes(10_000, 2) })).status).toBeGreaterThanOrEqual(400);
      await expectAbsent(adapter, key);
      expect((await send(request, { body: bytes })).ok).toBe(true);
      await expectObject(adapter, key, bytes);
    },
  },
  {
    name: 'lets a request expire',
    needs: ['presignGet'],
    run: async ({ adapter }) => {
      await adapter.put(key, bytes);
      const request = await presign(adapter, { method: 'GET', expiresInSeconds: 1 });
      expect((await send(request)).status).toBe(200);
      const status = async (): Promise<number> => (await send(request)).status;
      await expect.poll(status, { timeout: 4_000, interval: 250 }).toBeGreaterThanOrEqual(400);
    },
  },
  {
    name: 'refuses a request that would never hold',
    needs: ['presignGet'],
    run: async ({ adapter }) => {
      for (const seconds of [0, -1, 0.5, Number.NaN]) {
        const request = presign(adapter, { method: 'GET', expiresInSeconds: seconds });
        await expectFailure(request, 'invalid-argument', { adapter, operation: 'presign', key });
      }
    },
  },
]);

async function presign(adapter: StorageAdapter, options: PresignOptions): Promise<PresignedRequest> {
  const request = await adapter.presign?.(key, options);
  return request ?? expect.fail('the adapter declares presigning and does not presign');
}

async function send(
  { method, url, headers }: PresignedRequest,
  changes: { readonly method?: string; readonly body?: string | Uint8Array<ArrayBuffer> } = {},
): Promise<Response> {
  const { body = null } = changes;
  const used = changes.method ?? method;
  return fetch(url, { method: used, headers, body: used === 'GET' ? null : body });
}
