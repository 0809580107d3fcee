import { Readable } from 'node:stream';
import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import type { ModelStorageInfo } from '@holdfast/domain';
import type { ObjectReader, StorageAdapter } from '@holdfast/ports';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { expectCode, gather } from './support/expect-code.ts';
import { overriding } from './support/overriding.ts';
import { SilentSource, lending, sampleBytes } from './support/sources.ts';
import { keysIn, makeSubject, storageSubjects } from './support/storage-subjects.ts';

const bytes = sampleBytes(50_000);
const stream = (): AsyncIterable<Uint8Array> => lending(bytes, [1_000]);

describe.each(Object.entries(storageSubjects))('%s', (_name, make) => {
  test('a save that was cancelled before it began reads nothing', async () => {
    await using subject = await makeSubject(make);
    let wasRead = false;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      wasRead = true;
      yield bytes;
    };
    for (const key of [undefined, 'named']) {
      const options = { signal: AbortSignal.abort(), ...(key === undefined ? {} : { key }) };
      await expectCode(subject.service.save({ sizeBytes: bytes.byteLength, open }, options), 'cancelled');
      await expectCode(subject.service.save(open(), options), 'cancelled');
    }
    expect(wasRead).toBe(false);
    await expectNothing(subject);
  });

  test.each([undefined, 'named'])(
    'a source that has gone silent does not hold up cancelling (key %s)',
    async (key) => {
      await using subject = await makeSubject(make);
      const source = new SilentSource();
      const controller = new AbortController();
      const saving = subject.service.save(source, {
        signal: controller.signal,
        ...(key === undefined ? {} : { key }),
      });
      await source.waitedFor;
      controller.abort();
      await expectCode(saving, 'cancelled');
      expect(source.isLeft).toBe(true);
      await expectNothing(subject);
    },
  );

  test.each([undefined, 'named'])(
    'a Node stream that is waited for is destroyed, and the error says cancelled (key %s)',
    async (key) => {
      await using subject = await makeSubject(make);
      const waited = Promise.withResolvers<void>();
      let asked = 0;
      const source = new Readable({
        read() {
          if (asked++ === 0) this.push(sampleBytes(10));
          else waited.resolve();
        },
      });
      const controller = new AbortController();
      const saving = subject.service.save(source, {
        signal: controller.signal,
        ...(key === undefined ? {} : { key }),
      });
      await waited.promise;
      controller.abort();
      await expectCode(saving, 'cancelled');
      await expect.poll(() => source.destroyed).toBe(true);
      await expectNothing(subject);
    },
  );

  test('a source that fails because it is left does not hide that it was cancelled', async () => {
    await using subject = await makeSubject(make);
    const waited = Promise.withResolvers<void>();
    const never = Promise.withResolvers<IteratorResult<Uint8Array>>();
    const iterator: AsyncIterator<Uint8Array> = {
      next: () => {
        waited.resolve();
        return never.promise;
      },
      return: async () => {
        never.reject(new Error('the source was left'));
        return { done: true, value: undefined };
      },
    };
    const controller = new AbortController();
    const source = { [Symbol.asyncIterator]: () => iterator };
    const saving = subject.service.save(source, { signal: controller.signal });
    await waited.promise;
    controller.abort();
    await expectCode(saving, 'cancelled');
    await expectNothing(subject);
  });

  test('cancelling between any two chunks leaves nothing', async () => {
    await using subject = await makeSubject(make);
    for (const chunk of [0, 1, 25, 49]) {
      const controller = new AbortController();
      await expectCode(
        subject.service.save(stopping(controller, chunk), { signal: controller.signal }),
        'cancelled',
      );
      await expectNothing(subject);
    }

    async function* stopping(controller: AbortController, after: number): AsyncGenerator<Uint8Array> {
      let index = 0;
      for await (const chunk of stream()) {
        if (index++ === after) controller.abort();
        yield chunk;
      }
    }
  });

  test('cancelling while the digest is dealt with, or the object is looked for, leaves nothing', async () => {
    const controllers: AbortController[] = [];
    await using subject = await makeSubject(make, (adapter) =>
      overriding(adapter, {
        head: async (...parameters) => {
          controllers.at(-1)?.abort();
          return adapter.head(...parameters);
        },
      }),
    );
    for (const moment of ['digest', 'head']) {
      const controller = new AbortController();
      controllers.push(controller);
      const onDigest = async (): Promise<void> => (moment === 'digest' ? controller.abort() : undefined);
      await expectCode(subject.service.save(stream(), { signal: controller.signal, onDigest }), 'cancelled');
      await expectNothing(subject);
    }
  });

  test('an error of the source is passed on as it is, at once, and nothing is left', async () => {
    await using subject = await makeSubject(make);
    const failure = Object.assign(new Error('the source broke'), { code: 'ENOENT' });
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw failure;
    };
    const sources = [failing, () => ({ sizeBytes: 100_000, open: failing }), () => Readable.from(failing())];
    for (const source of sources) {
      for (const key of [undefined, 'named']) {
        const saving = subject.service.save(source(), key === undefined ? {} : { key });
        await expect(saving).rejects.toBe(failure);
        await expectNothing(subject);
      }
    }
  });

  test('a source that gives no bytes is refused', async () => {
    await using subject = await makeSubject(make);
    for (const key of [undefined, 'named']) {
      const texts = Readable.from(['a', 'b']) as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
      await expectCode(subject.service.save(texts, key === undefined ? {} : { key }), 'invalid-argument');
      await expectNothing(subject);
    }
  });

  test('what is in its place when the signal comes is told as saved', async () => {
    const controller = new AbortController();
    await using subject = await makeSubject(make, (adapter) =>
      overriding(adapter, {
        put: async (...parameters) => {
          const info = await adapter.put(...parameters);
          controller.abort();
          return info;
        },
      }),
    );
    const info = await subject.service.save(stream(), { signal: controller.signal });
    expect(await keysIn(subject.adapter)).toEqual([info.storagePath]);
  });

  test('reading stops at the chunk after the signal, in every way of reading', async () => {
    await using folder = await TemporaryFolder.make();
    await using subject = await makeSubject(make);
    const { service } = subject;
    const info = await service.save(sampleBytes(3_000_000), { format: 'binary' });
    const ways: ((signal: AbortSignal, onProgress: () => void) => Promise<unknown>)[] = [
      (signal, onProgress) => service.load(info, { signal, onProgress }),
      (signal, onProgress) => gather(service.read(info, { signal, onProgress })),
      (signal, onProgress) => gather(service.loadStream(info, { signal, onProgress })),
      (signal, onProgress) => service.loadToFile(info, folder.join('out'), { signal, onProgress }),
      (signal, onProgress) => service.verify(info, { signal, onProgress }),
    ];
    for (const read of ways) {
      const controller = new AbortController();
      let told = 0;
      const stop = (): void => {
        told++;
        controller.abort();
      };
      await expectCode(read(controller.signal, stop), 'cancelled');
      expect(told).toBe(1);
      await expectCode(read(AbortSignal.abort(), stop), 'cancelled');
    }
    await expectCode(service.loadRange(info, { offset: 0 }, { signal: AbortSignal.abort() }), 'cancelled');
    expect(await folder.names()).toEqual([]);
  });
});

async function expectNothing(subject: Awaited<ReturnType<typeof makeSubject>>): Promise<void> {
  expect(await keysIn(subject.adapter)).toEqual([]);
  expect(await subject.spool.names()).toEqual([]);
}

describe('a stored object that is left half read', () => {
  /** Counts the readers that are open; a body can be held up for ever. */
  function counting(
    adapter: StorageAdapter,
    open: Set<ObjectReader>,
    isHeldUp: () => boolean,
  ): StorageAdapter {
    return overriding(adapter, {
      get: async (key, options) => {
        const reader = await adapter.get(key, options);
        if (reader === undefined) return undefined;
        open.add(reader);
        const stopped = Promise.withResolvers<never>();
        options?.signal?.addEventListener('abort', () => stopped.reject(options.signal?.reason));
        stopped.promise.catch(() => undefined);
        const body = async function* (): AsyncGenerator<Uint8Array> {
          for await (const chunk of reader.body) {
            yield chunk;
            if (isHeldUp()) await stopped.promise;
          }
        };
        const dispose = async (): Promise<void> => {
          open.delete(reader);
          await reader[Symbol.asyncDispose]();
        };
        return overriding<ObjectReader>(reader, { body: body(), [Symbol.asyncDispose]: dispose });
      },
    });
  }

  async function makeCounted(isHeldUp = false) {
    const open = new Set<ObjectReader>();
    const subject = await makeSubject(() => counting(new MemoryStorageAdapter(), open, () => isHeldUp));
    const info = await subject.service.save(sampleBytes(2_000_000), { format: 'binary' });
    return { ...subject, open, info, [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() };
  }

  test('is let go by leaving the loop, by a failing reader, and by its end', async () => {
    await using subject = await makeCounted();
    const { service, info, open } = subject;
    for await (const _chunk of service.read(info)) break;
    await service.read(info)[Symbol.asyncIterator]().return?.();
    const failing = async (): Promise<void> => {
      for await (const _chunk of service.read(info)) throw new Error('stop');
    };
    await expect(failing()).rejects.toThrow('stop');
    await service.load(info);
    await service.loadRange(info, { offset: 3, length: 5 });
    expect(open.size).toBe(0);
  });

  test('is let go by cancelling the stream, before, between and after chunks', async () => {
    await using subject = await makeCounted();
    const { service, info, open } = subject;
    await service.loadStream(info).cancel();
    const begun = service.loadStream(info).getReader();
    await begun.read();
    expect(open.size).toBe(1);
    await begun.cancel();
    await gather(service.loadStream(info));
    expect(open.size).toBe(0);
  });

  test('is let go by cancelling the stream while a chunk is waited for', async () => {
    await using subject = await makeCounted(true);
    const { service, info, open } = subject;
    const reader = service.loadStream(info).getReader();
    await reader.read();
    const waiting = reader.read();
    await new Promise(setImmediate);
    await reader.cancel();
    expect((await waiting).done).toBe(true);
    expect(open.size).toBe(0);
  });

  test('is let go when it is not the recorded object', async () => {
    await using subject = await makeCounted();
    const { service, open } = subject;
    const info: ModelStorageInfo = subject.info.with({ sizeBytes: 5 });
    await expectCode(service.loadRange(info, { offset: 0, length: 1 }), 'corrupt');
    await expectCode(service.load(info), 'size-mismatch');
    expect(open.size).toBe(0);
  });
});
