import { createHmac, randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type StorageHarness,
  runStorageCase,
  storageCaseNamed,
  storageCasesFor,
} from '@holdfast/conformance';
import { type ObjectKey, parseDigest } from '@holdfast/domain';
import {
  type PresignOptions,
  type PresignedRequest,
  type StorageCapabilities,
  StorageError,
} from '@holdfast/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryCapabilities } from '../../src/storage/memory-capabilities.ts';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';

const capabilities: StorageCapabilities = { ...memoryCapabilities, presignGet: true, presignPut: true };
const secret = randomBytes(16);
const stores = new Map<string, MemoryStore>();
const server = createServer((request, response) => void serve(request, response));

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Signs requests that the little server here answers. */
class Signing extends MemoryStorageAdapter {
  override readonly capabilities: StorageCapabilities = capabilities;
  readonly #storeName: string;

  constructor(options: { readonly store: MemoryStore }) {
    super(options);
    this.#storeName = [...stores].find(([, store]) => store === options.store)?.[0] ?? '';
  }

  protected override async presignRequest(
    key: ObjectKey,
    options: PresignOptions,
  ): Promise<PresignedRequest> {
    const { method, expiresInSeconds, contentType, checksum } = options;
    if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1) {
      throw new StorageError({ code: 'invalid-argument', operation: 'presign', backend: this.backend, key });
    }
    const expires = String(Date.now() + expiresInSeconds * 1_000);
    const signed = { method, key, expires, ...(checksum === undefined ? {} : { checksum }) };
    const query = new URLSearchParams({ ...signed, store: this.#storeName, ...this.sign(signed) });
    const { port } = server.address() as AddressInfo;
    const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    return { method, url: `http://127.0.0.1:${port}/?${query.toString()}`, headers };
  }

  /** Which fields the signature covers. */
  protected sign(fields: Readonly<Record<string, string>>): {
    readonly over: string;
    readonly signature: string;
  } {
    return signatureOver(fields, Object.keys(fields));
  }
}

class ForgetsTheMethod extends Signing {
  protected override sign(fields: Readonly<Record<string, string>>): {
    readonly over: string;
    readonly signature: string;
  } {
    return signatureOver(
      fields,
      Object.keys(fields).filter((name) => name !== 'method'),
    );
  }
}

class ForgetsTheKey extends Signing {
  protected override sign(fields: Readonly<Record<string, string>>): {
    readonly over: string;
    readonly signature: string;
  } {
    return signatureOver(
      fields,
      Object.keys(fields).filter((name) => name !== 'key'),
    );
  }
}

class NeverExpires extends Signing {
  protected override presignRequest(key: ObjectKey, options: PresignOptions): Promise<PresignedRequest> {
    return super.presignRequest(key, { ...options, expiresInSeconds: options.expiresInSeconds + 3_600 });
  }
}

class ForgetsTheChecksum extends Signing {
  protected override presignRequest(key: ObjectKey, options: PresignOptions): Promise<PresignedRequest> {
    const { checksum: _forgotten, ...rest } = options;
    return super.presignRequest(key, rest);
  }
}

function signatureOver(
  fields: Readonly<Record<string, string>>,
  names: readonly string[],
): { over: string; signature: string } {
  const over = names.join();
  const text = names.map((name) => fields[name] ?? '').join('\n');
  return { over, signature: createHmac('sha256', secret).update(`${over}\n${text}`).digest('hex') };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fields = Object.fromEntries(new URL(request.url ?? '', 'http://localhost').searchParams) as Record<
    string,
    string
  >;
  const { key = '', over = '', signature = '', expires = '0', store = '', checksum } = fields;
  const actual = { ...fields, method: request.method ?? '' };
  const isSigned =
    signatureOver(actual, over.split(',')).signature === signature && Date.now() < Number(expires);
  const adapter = new MemoryStorageAdapter({ store: stores.get(store) ?? new MemoryStore() });
  try {
    if (!isSigned) throw new Error('forbidden');
    if (request.method === 'PUT') {
      const contentType = request.headers['content-type'];
      await adapter.put(key as ObjectKey, request, {
        ...(contentType === undefined ? {} : { contentType }),
        ...(checksum === undefined ? {} : { checksum: parseDigest(checksum) }),
      });
    } else if (request.method === 'DELETE') {
      await adapter.delete([{ key: key as ObjectKey }]);
    } else {
      const reader = await adapter.get(key as ObjectKey);
      for await (const chunk of reader?.body ?? []) response.write(Buffer.from(chunk));
    }
    response.end();
  } catch {
    response.writeHead(403).end();
  }
}

function harnessOf(Adapter: typeof Signing): StorageHarness {
  const createStore: StorageHarness['createStore'] = () => {
    const store = new MemoryStore();
    stores.set(String(stores.size), store);
    return { open: () => new Adapter({ store }) };
  };
  return { capabilities, createStore, keepsBytesInProcess: true };
}

test.each(
  storageCasesFor(harnessOf(Signing))
    .filter((one) => one.group === 'presign')
    .map((one) => [one.name, one] as const),
)('a sound signer passes "%s"', (_name, one) => runStorageCase(one, harnessOf(Signing)));

const bites: readonly (readonly [typeof Signing, string])[] = [
  [ForgetsTheMethod, 'lets a reading request do nothing else'],
  [ForgetsTheMethod, 'lets a writing request do nothing else'],
  [ForgetsTheKey, 'lets a writing request do nothing else'],
  [ForgetsTheChecksum, 'holds a writing request to its checksum'],
  [NeverExpires, 'refuses a request that would never hold'],
  [NeverExpires, 'lets a request expire'],
];

test.each(bites.map(([Broken, name]) => [Broken.name, name, Broken] as const))(
  '%s fails "%s"',
  async (_name, name, Broken) => {
    await expect(runStorageCase(storageCaseNamed(name), harnessOf(Broken))).rejects.toThrow(Error);
  },
);
