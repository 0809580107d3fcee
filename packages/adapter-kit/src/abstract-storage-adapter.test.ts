import { type ObjectKey, type StorageBackend, digestOfHex, parseObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type DeleteResult,
  type LateKey,
  type ListPage,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  type StorageCapabilities,
  StorageError,
} from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { everything } from '../test/everything.ts';
import { AbstractStorageAdapter } from './abstract-storage-adapter.ts';

const key = parseObjectKey('k');
const bytes = new Uint8Array(3);
const info: ObjectInfo = {
  key,
  sizeBytes: 3,
  etag: 'e',
  metadata: {},
  lastModified: '2026-01-01T00:00:00.000Z',
};

/** Notes what reaches the driver, and fails with whatever it is given. */
class Recorder extends AbstractStorageAdapter {
  override readonly backend: StorageBackend = 'x-recorder';
  override readonly capabilities: StorageCapabilities;
  readonly reached: string[] = [];
  failure: unknown;
  gate: Promise<void> = Promise.resolve();

  constructor(changes: Partial<StorageCapabilities> = {}) {
    super();
    this.capabilities = { ...everything, maximumSizeBytes: 1_000, ...changes };
  }

  async #reach<T>(operation: string, answer: T): Promise<T> {
    this.reached.push(operation);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return answer;
  }

  protected override async putObject(late: ObjectKey | LateKey, _body: ByteSource): Promise<ObjectInfo> {
    const answer = await this.#reach('put', info);
    if (typeof late === 'function') await late(digestOfHex('0'.repeat(64)), 3);
    return answer;
  }
  protected override getObject(): Promise<ObjectReader | undefined> {
    return this.#reach('get', undefined);
  }
  protected override headObject(): Promise<ObjectInfo | undefined> {
    return this.#reach('head', info);
  }
  protected override deleteObjects(): Promise<readonly DeleteResult[]> {
    return this.#reach('delete', []);
  }
  protected override async *listPages(): AsyncIterable<ListPage> {
    try {
      for (let page = 0; page < 3; page++) yield await this.#reach('list', { objects: [info], prefixes: [] });
    } finally {
      this.reached.push('list ended');
    }
  }
  protected override copyObject(): Promise<ObjectInfo> {
    return this.#reach('copy', info);
  }
  protected override checkStore(): Promise<void> {
    return this.#reach('check', undefined);
  }
  protected override close(): Promise<void> {
    return this.#reach('close', undefined);
  }
  protected override toStorageError(error: unknown, context: OperationContext): StorageError {
    if (StorageError.isInstance(error)) return error;
    return new StorageError({ ...context, code: 'unavailable', cause: error });
  }
}

type Attempt = (adapter: AbstractStorageAdapter) => Promise<unknown>;

const bad = '../escape' as ObjectKey;
const list =
  (options: Parameters<AbstractStorageAdapter['list']>[0]): Attempt =>
  async (adapter) => {
    for await (const page of adapter.list(options)) if (page.objects.length === 0) return;
  };

const refusals: readonly (readonly [string, string, Attempt])[] = [
  ['invalid-key', 'put', (adapter) => adapter.put(bad, bytes)],
  ['invalid-key', 'get', (adapter) => adapter.get(bad)],
  ['invalid-key', 'head', (adapter) => adapter.head(bad)],
  ['invalid-key', 'delete', (adapter) => adapter.delete([{ key }, { key: bad }])],
  ['invalid-key', 'copy', (adapter) => adapter.copy(bad, key)],
  ['invalid-key', 'copy', (adapter) => adapter.copy(key, bad)],
  ['invalid-key', 'transaction', (adapter) => adapter.transaction([{ kind: 'delete', key: bad }])],
  ['invalid-key', 'presign', (adapter) => adapter.presign(bad, { method: 'GET', expiresInSeconds: 1 })],
  ['invalid-key', 'localPath', (adapter) => adapter.localPath(bad)],
  ['invalid-key', 'list', list({ prefix: '\u0000' })],
  ['invalid-key', 'list', list({ startAfter: '\uD800' })],
  ['invalid-argument', 'list', list({ pageSize: 0 })],
  ['invalid-argument', 'list', list({ pageSize: 1_001 })],
  ['invalid-argument', 'list', list({ delimiter: '' })],
  ['invalid-argument', 'get', (adapter) => adapter.get(key, { range: { offset: -1 } })],
  ['invalid-argument', 'put', (adapter) => adapter.put(key, bytes, { metadata: { A: '' } })],
  ['invalid-argument', 'copy', (adapter) => adapter.copy(key, key, { metadata: { A: '' } })],
  ['invalid-argument', 'put', (adapter) => adapter.put(key, new Uint8Array(1_001))],
  ['invalid-argument', 'put', (adapter) => adapter.put(key, (async function* () {})(), { sizeBytes: 1_001 })],
  [
    'invalid-argument',
    'transaction',
    (adapter) =>
      adapter.transaction([
        { kind: 'delete', key },
        { kind: 'put', key, body: bytes },
      ]),
  ],
  [
    'invalid-argument',
    'transaction',
    (adapter) => adapter.transaction([{ kind: 'put', key, body: new Uint8Array(1_001) }]),
  ],
  [
    'invalid-argument',
    'transaction',
    (adapter) => adapter.transaction([{ kind: 'put', key, body: bytes, options: { metadata: { A: '' } } }]),
  ],
];

describe('AbstractStorageAdapter', () => {
  test.each(refusals)('refuses with %s before any I/O: %s', async (code, operation, attempt) => {
    const adapter = new Recorder();
    await expect(attempt(adapter)).rejects.toMatchObject({ code, operation, backend: 'x-recorder' });
    expect(adapter.reached.filter((reached) => reached !== 'list ended')).toEqual([]);
  });

  test.each([
    ['createIfAbsent', (adapter) => adapter.put(key, bytes, { mode: 'create' })],
    ['ranges', (adapter) => adapter.get(key, { range: { offset: 0 } })],
    ['versions', (adapter) => adapter.head(key, { version: '1' })],
    ['deleteIfMatch', (adapter) => adapter.delete([{ key, ifMatch: 'e' }])],
    ['delimiters', list({ delimiter: '/' })],
    ['conditionalCopy', (adapter) => adapter.copy(key, key, { mode: 'create' })],
    ['transactions', (adapter) => adapter.transaction([])],
    ['presignPut', (adapter) => adapter.presign(key, { method: 'PUT', expiresInSeconds: 1 })],
    ['localPath', (adapter) => adapter.localPath(key)],
    [
      'replaceIfMatch',
      (adapter) =>
        adapter.transaction([{ kind: 'put', key, body: bytes, options: { mode: { ifMatch: 'e' } } }]),
    ],
    ['deleteIfMatch', (adapter) => adapter.transaction([{ kind: 'delete', key, ifMatch: 'e' }])],
  ] as readonly (readonly [keyof StorageCapabilities, Attempt])[])(
    'refuses before any I/O without %s',
    async (name, attempt) => {
      const adapter = new Recorder({ [name]: false });
      await expect(attempt(adapter)).rejects.toMatchObject({ code: 'unsupported' });
      expect(adapter.reached).not.toContainEqual(
        expect.stringMatching(/^(put|get|head|delete|list|copy|check)$/),
      );
    },
  );

  test('says so when an adapter declares what it does not implement', async () => {
    const adapter = new Recorder();
    for (const attempt of [
      () => adapter.transaction([]),
      () => adapter.presign(key, { method: 'GET', expiresInSeconds: 1 }),
      () => adapter.localPath(key),
    ]) {
      await expect(attempt()).rejects.toThrow(/declares .+ and does not implement it/);
    }
  });

  test('translates what the driver throws, and passes on what is translated', async () => {
    const adapter = new Recorder();
    adapter.failure = new Error('socket closed');
    await expect(adapter.head(key)).rejects.toMatchObject({
      code: 'unavailable',
      operation: 'head',
      key: 'k',
      cause: adapter.failure,
    });
    const own = new StorageError({ code: 'locked', operation: 'head', backend: 'x-recorder' });
    adapter.failure = own;
    await expect(adapter.head(key)).rejects.toBe(own);
    await expect(list({})(adapter)).rejects.toBe(own);
  });

  test('checks a late key when it comes, and stops waiting for one that does not', async () => {
    const adapter = new Recorder();
    await adapter.put(() => key, bytes);
    await expect(adapter.put(() => bad, bytes)).rejects.toMatchObject({ code: 'invalid-key', key: bad });
    const controller = new AbortController();
    const work = adapter.put(() => new Promise(() => undefined), bytes, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('does nothing when the signal was aborted before', async () => {
    const adapter = new Recorder();
    const signal = AbortSignal.abort();
    await expect(adapter.check({ signal })).rejects.toMatchObject({ code: 'cancelled', operation: 'check' });
    await expect(list({ signal })(adapter)).rejects.toMatchObject({ code: 'cancelled' });
    expect(adapter.reached).not.toContain('check');
  });

  test('ends the driver’s listing when its reader leaves', async () => {
    const adapter = new Recorder();
    for await (const page of adapter.list()) {
      expect(page.objects).toHaveLength(1);
      break;
    }
    expect(adapter.reached).toEqual(['list', 'list ended']);
  });

  test('frees everything once, after what is under way', async () => {
    const adapter = new Recorder();
    const gate = Promise.withResolvers<void>();
    adapter.gate = gate.promise;
    const put = adapter.put(key, bytes);
    const disposals = [adapter[Symbol.asyncDispose](), adapter[Symbol.asyncDispose]()];
    await expect(adapter.head(key)).rejects.toMatchObject({
      code: 'invalid-argument',
      operation: 'head',
      key: 'k',
    });
    await new Promise(setImmediate);
    expect(adapter.reached).toEqual(['put']);
    gate.resolve();
    await Promise.all([put, ...disposals]);
    expect(adapter.reached).toEqual(['put', 'close']);
  });

  test('frees after an operation that failed', async () => {
    const adapter = new Recorder();
    adapter.failure = new Error('broken');
    await expect(adapter.get(key)).rejects.toThrow(StorageError);
    adapter.failure = undefined;
    await adapter[Symbol.asyncDispose]();
    expect(adapter.reached).toEqual(['get', 'close']);
  });
});
