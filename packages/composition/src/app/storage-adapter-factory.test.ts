import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { StorageError } from '@holdfast/ports';
import { describe, expect, it } from 'vitest';
import { StorageAdapterFactory, type StoreDeclaration } from './storage-adapter-factory.ts';

interface TapeDeclaration extends StoreDeclaration {
  readonly backend: 'x-acme-tape';
  readonly device: string;
}

/** A factory of fakes that notes what was made and what was disposed. */
function fakeFactory() {
  const events: string[] = [];
  const factory = new StorageAdapterFactory().registerBackend<TapeDeclaration>(
    'x-acme-tape',
    async ({ device }) => {
      events.push(`make ${device}`);
      const adapter = new MemoryStorageAdapter();
      const dispose = async () => void events.push(`dispose ${device}`);
      return Object.defineProperty(adapter, Symbol.asyncDispose, { value: dispose });
    },
  );
  const declare = (device: string): TapeDeclaration => ({ backend: 'x-acme-tape', device });
  return { events, factory, declare };
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((refusal: unknown) => refusal);
  if (!StorageError.isInstance(error, 'invalid-configuration'))
    throw new Error('It was not refused.', { cause: error });
  return `${error.message} ${error.hint ?? ''}`;
}

describe('StorageAdapterFactory', () => {
  it('makes each adapter when it is asked for, once, and disposes the last one first', async () => {
    const { events, factory, declare } = fakeFactory();
    for (const name of ['a', 'b', 'c']) factory.registerStore(name, declare(name));
    expect(events).toEqual([]);
    const [first, second] = await Promise.all([factory.createForStore('b'), factory.createForStore('b')]);
    expect(first).toBe(second);
    expect(await factory.create({ storageBackend: 'x-acme-tape', storeName: 'a' })).not.toBe(first);
    await factory[Symbol.asyncDispose]();
    await factory[Symbol.asyncDispose]();
    expect(events).toEqual(['make b', 'make a', 'dispose a', 'dispose b']);
    await expect(factory.createForStore('c')).rejects.toThrow('disposed');
  });

  it('finds the only store of a backend', async () => {
    const { factory, declare } = fakeFactory();
    factory.registerStore('a', declare('a'));
    const adapter = await factory.createForStore('a');
    expect(await factory.createForBackend('x-acme-tape')).toBe(adapter);
    expect(await factory.create({ storageBackend: 'x-acme-tape' })).toBe(adapter);
  });

  it('says what there is when it is asked for something else', async () => {
    const { factory, declare } = fakeFactory();
    expect(await refusalOf(factory.createForBackend('aws_s3'))).toBe(
      'There is no adapter for the backend aws_s3. Registered backends: x-acme-tape.',
    );
    expect(await refusalOf(factory.createForBackend('x-acme-tape'))).toBe(
      'No store has the backend x-acme-tape. Name one of the stores: none.',
    );
    factory.registerStore('a', declare('a')).registerStore('b', declare('b'));
    expect(await refusalOf(factory.createForBackend('x-acme-tape'))).toBe(
      'Several stores have the backend x-acme-tape. Name one of the stores: a, b.',
    );
    expect(await refusalOf(factory.createForStore('c'))).toBe(
      'There is no store named "c". Registered stores: a, b.',
    );
    factory.registerStore('odd', { backend: 'x-unknown' });
    expect(await refusalOf(factory.createForStore('odd'))).toContain('Registered backends: x-acme-tape.');
  });

  it('refuses a second store or backend of one name', () => {
    const { factory, declare } = fakeFactory();
    factory.registerStore('a', declare('a'));
    expect(() => factory.registerStore('a', declare('b'))).toThrow('There is a store named "a" already.');
    expect(() => factory.registerBackend('x-acme-tape', () => new MemoryStorageAdapter())).toThrow(
      'registered already',
    );
    expect(factory.storeNames).toEqual(['a']);
    expect(factory.backends).toEqual(['x-acme-tape']);
  });

  it('tries again after an adapter could not be made', async () => {
    let tries = 0;
    await using factory = new StorageAdapterFactory()
      .registerBackend('memory', () => {
        if (++tries === 1) throw new Error('no module');
        return new MemoryStorageAdapter();
      })
      .registerStore('a', { backend: 'memory' });
    await expect(factory.createForStore('a')).rejects.toThrow('no module');
    expect((await factory.createForStore('a')).backend).toBe('memory');
  });
});
