import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { SerializationFormat, type JsonValue } from '@holdfast/domain';
import { sampleClassifier } from '@holdfast/formats';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import { StorageService } from '@holdfast/storage';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { lending, sampleBytes } from './support/sources.ts';
import { hashedFirst, makeSubject } from './support/storage-subjects.ts';

const memory = (): StorageAdapter => new MemoryStorageAdapter();
const { onnx, safetensors } = sampleClassifier(1);

describe('results', () => {
  test('come back as they were', async () => {
    await using subject = await makeSubject(memory);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
        const info = await subject.service.saveResult(value as JsonValue, { contentType: undefined });
        expect(info).toMatchObject({ format: 'json', contentType: 'application/json' });
        expect(JSON.stringify(await subject.service.loadResult(info))).toBe(JSON.stringify(value));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    { loss: Number.NEGATIVE_INFINITY },
    { a: [1, { b: Number.NaN }] },
  ])('%j, which JSON would change, are refused', async (value) => {
    await using subject = await makeSubject(memory);
    await expectCode(subject.service.saveResult(value), 'invalid-argument');
  });

  test('that are something else are told apart', async () => {
    await using subject = await makeSubject(memory);
    const { service } = subject;
    const error = await expectCode(service.loadResult(await service.save(onnx)), 'invalid-argument');
    expect(error.message).not.toContain('SyntaxError');
  });
});

describe('the format', () => {
  test('is found out from the bytes, whatever form they come in', async () => {
    await using subject = await makeSubject(memory);
    const { service } = subject;
    const cases = [
      [onnx, 'onnx'],
      [safetensors, 'safetensors'],
      [sampleBytes(500), 'binary'],
      [new Uint8Array(), 'binary'],
    ] as const;
    for (const [bytes, format] of cases) {
      for (const source of [() => bytes, () => lending(bytes, [100])]) {
        expect((await service.save(source())).format).toBe(format);
        expect((await service.saveModel(source())).format).toBe(format);
        expect((await service.saveDataset(source(), { key: 'data' })).format).toBe(format);
      }
    }
    const info = await service.saveModel(onnx);
    expect(Buffer.compare(await service.loadModel(info), onnx)).toBe(0);
    expect(Buffer.compare(await service.loadDataset(info), onnx)).toBe(0);
  });

  test('is what was said, and is not looked for then', async () => {
    const adapter = memory();
    const get = vi.fn<StorageAdapter['get']>((...parameters) => adapter.get(...parameters));
    await using subject = await makeSubject(() => overriding(adapter, { get }));
    expect((await subject.service.save(lending(onnx, [99]), { format: 'x-mine' })).format).toBe('x-mine');
    expect((await subject.service.save(onnx)).format).toBe('onnx');
    expect(get).not.toHaveBeenCalled();
  });

  test('of bytes that are broken, or cannot be read back, is binary: they are saved all the same', async () => {
    const broken = onnx.subarray(0, 300);
    await using subject = await makeSubject(memory);
    for (const source of [broken, lending(broken, [50])]) {
      const info = await subject.service.save(source);
      expect(info.format).toBe(SerializationFormat.Binary);
      await subject.service.verify(info);
    }
    const failing = overriding<StorageAdapter>(memory(), {
      get: async () => {
        throw new StorageError({ code: 'unsupported', operation: 'get', backend: 'mlflow' });
      },
    });
    const service = new StorageService({ adapters: { main: failing } });
    expect((await service.save(lending(onnx, [50]))).format).toBe(SerializationFormat.Binary);
  });
});

describe('stores', () => {
  test('are used by name, and the default one is the one named so, named default, or the first', () => {
    const [first, second] = [memory(), memory()];
    const names = (options: ConstructorParameters<typeof StorageService>[0]): string =>
      new StorageService(options).defaultStore;
    expect(names({ adapters: { first, second } })).toBe('first');
    expect(names({ adapters: { first, default: second } })).toBe('default');
    expect(names({ adapters: { first, default: second }, defaultStore: 'first' })).toBe('first');
    const service = new StorageService({ adapters: { first, second }, defaultStore: 'second' });
    expect(service.storeNames).toEqual(['first', 'second']);
    expect(service.adapter()).toBe(second);
    expect(service.adapter('first')).toBe(first);
  });

  test('that there are not are refused with the names that there are, by every method', async () => {
    await using subject = await makeSubject(memory);
    const { service } = subject;
    const info = (await service.save(onnx)).with({ storeName: 'lake' });
    const error = await expectCode(service.save(onnx, { store: 'lake' }), 'invalid-configuration');
    expect(error.message).toContain('"lake"');
    expect(error.hint).toContain('main');
    await expectCode(service.load(info), 'invalid-configuration');
    await expectCode(service.loadRange(info, { offset: 0 }), 'invalid-configuration');
    await expectCode((async () => service.delete(info))(), 'invalid-configuration');
    await expectCode((async () => service.exists(info))(), 'invalid-configuration');
    await expectCode((async () => service.saveResult(1, { store: 'lake' }))(), 'invalid-configuration');
    await expectCode(
      (async () => (service.listObjects('', { store: 'lake' }) as AsyncGenerator).next())(),
      'invalid-configuration',
    );
    expect(() => service.adapter('lake')).toThrow(/lake/);
    expect(() => new StorageService({ adapters: {} })).toThrow(StorageError);
    expect(() => new StorageService({ adapters: { main: memory() }, defaultStore: 'lake' })).toThrow(/lake/);
    expect(() => service.adapter('toString')).toThrow(/toString/);
  });

  test('hold the same content each for itself', async () => {
    await using service = new StorageService({
      adapters: { first: memory(), second: hashedFirst(memory()) },
    });
    const one = await service.save(onnx);
    const two = await service.saveWithReceipt(onnx, { store: 'second' });
    expect(two).toMatchObject({
      isDuplicate: false,
      info: { storeName: 'second', storagePath: one.storagePath },
    });
    await service.delete(one);
    await service.verify(two.info);
    await expectCode(service.load(one), 'not-found');
  });

  test('are disposed the last one first, all of them also when some fail, and the first failure is told', async () => {
    const order: string[] = [];
    const disposing = (name: string, error?: Error): StorageAdapter =>
      overriding(memory(), {
        [Symbol.asyncDispose]: async () => {
          order.push(name);
          if (error !== undefined) throw error;
        },
      });
    await new StorageService({ adapters: { a: disposing('a'), b: disposing('b'), c: disposing('c') } })[
      Symbol.asyncDispose
    ]();
    expect(order.splice(0)).toEqual(['c', 'b', 'a']);
    const adapters = {
      a: disposing('a', new Error('a')),
      b: disposing('b', new Error('b')),
      c: disposing('c'),
    };
    await expect(new StorageService({ adapters })[Symbol.asyncDispose]()).rejects.toThrow('b');
    expect(order).toEqual(['c', 'b', 'a']);
  });

  test('that refuse a deletion say so', async () => {
    const refusal = new StorageError({ code: 'permission-denied', operation: 'delete', backend: 'memory' });
    const adapter = overriding<StorageAdapter>(memory(), {
      delete: async ([target]) => [{ key: target?.key as never, error: refusal }],
    });
    await using subject = await makeSubject(() => adapter);
    await expect(subject.service.delete(await subject.service.save(onnx))).rejects.toBe(refusal);
  });
});
