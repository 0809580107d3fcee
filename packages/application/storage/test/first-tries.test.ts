import { MemoryStorageAdapter } from '@holdfast/adapter-memory';
import { StorageService } from '@holdfast/storage';
import { describe, expect, test } from 'vitest';

/** What people write before they read: without types, each says what to write instead. */
describe('a first try', () => {
  const adapter = new MemoryStorageAdapter();
  const storage = new StorageService({ adapters: { default: adapter } });
  const untyped = storage as unknown as Record<'save' | 'load', (value?: unknown) => Promise<unknown>>;

  test.each([
    ['model.onnx', /got the text "model.onnx"/, /fileSource\(path\).*Buffer\.from\(text\)/],
    [undefined, /got undefined/, /Uint8Array/],
    [{ path: 'x' }, /got an instance of Object/, /Uint8Array/],
    [new ArrayBuffer(3), /got an instance of ArrayBuffer/, /Uint8Array/],
  ])('save(%j) names what is bytes', async (value, message, hint) => {
    await expect(untyped.save(value)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  test.each([['model.onnx'], [undefined], [{}]])('load(%j) asks for what save returned', async (value) => {
    await expect(untyped.load(value)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('ModelStorageInfo that save returned') as string,
    });
  });

  test.each([[undefined], [{}], [adapter], [{ adapters: adapter }]])(
    'new StorageService(%#) shows how',
    (options) => {
      const make = StorageService as unknown as new (options: unknown) => unknown;
      expect(() => new make(options)).toThrow(
        expect.objectContaining({
          hint: 'Write new StorageService({ adapters: { default: adapter } }).',
        }) as Error,
      );
    },
  );
});
