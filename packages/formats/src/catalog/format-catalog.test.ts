import { InvalidValueError } from '@holdfast/domain';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  bytesSource,
  DetailLimit,
  encodeSafetensors,
  FormatCatalog,
  FormatError,
  type FormatHandler,
  inspect,
} from '../index.ts';

const safetensors = encodeSafetensors({
  tensors: [{ name: 'w', dtype: 'U8', shape: [1], data: new Uint8Array(1) }],
});

const acme: FormatHandler = {
  format: 'x-acme',
  detect: async ({ reader }) =>
    (await reader.read(0, 1))[0] === safetensors[0] ? { evidence: ['The first byte.'] } : undefined,
  inspect: async () => ({ summary: { isAcme: true } }),
};

describe('FormatCatalog', () => {
  it('asks a format from outside before its own', async () => {
    const catalog = FormatCatalog.standard().with(acme);
    expect(await catalog.inspect(bytesSource(safetensors))).toEqual({
      format: 'x-acme',
      sizeBytes: safetensors.length,
      evidence: ['The first byte.'],
      summary: { isAcme: true },
    });
    expect(await catalog.detect(bytesSource(new Uint8Array([1, 2])))).toMatchObject({ format: 'binary' });
  });

  it('asks the one added last first', () => {
    const catalog = FormatCatalog.standard().with(acme).with({ format: 'x-other' });
    expect(catalog.formats.slice(0, 3)).toEqual(['x-other', 'x-acme', 'safetensors']);
  });

  it('is not changed by adding to it', async () => {
    FormatCatalog.standard().with(acme);
    expect(await FormatCatalog.standard().detect(bytesSource(safetensors))).toMatchObject({
      format: 'safetensors',
    });
  });

  it('lets a richer inspector replace one of its own, in place', async () => {
    const catalog = FormatCatalog.standard().with({
      format: 'safetensors',
      inspect: async () => ({ summary: { rich: true } }),
    });
    expect(catalog.formats).toEqual(FormatCatalog.standard().formats);
    expect(await catalog.inspect(bytesSource(safetensors))).toMatchObject({
      format: 'safetensors',
      summary: { rich: true },
    });
  });

  it('refuses a name that is no format', () => {
    expect(() => FormatCatalog.standard().with({ format: 'x-Not Valid' })).toThrow(InvalidValueError);
  });

  it('inspects as the format that is asked for, or refuses', async () => {
    const error = await refusalOf(() => inspect(bytesSource(safetensors), { format: 'onnx' }));
    expect(error).toMatchObject({ format: 'onnx', offset: 0 });
    const broken = bytesSource(safetensors.subarray(0, 20));
    expect(await inspect(broken, { format: 'binary' })).toMatchObject({ format: 'binary', sizeBytes: 20 });
  });

  it('keeps to the budget, and describes in less detail, or leaves it to the caller', async () => {
    const source = countingSource(
      encodeSafetensors({ tensors: [], metadata: { note: 'x'.repeat(100_000) } }),
    );
    const { format, warnings } = await inspect(source, { readBudgetBytes: 50_000 });
    expect(format).toBe('safetensors');
    expect(warnings).toMatchObject([{ code: 'detail-limited', message: expect.stringContaining('50000') }]);
    expect(source.bytesRead).toBeLessThanOrEqual(50_000);
    await expect(inspect(source, { readBudgetBytes: 50_000, atLimit: 'throw' })).rejects.toSatisfy(
      (error: unknown) => DetailLimit.isInstance(error),
    );
  });

  it('gives up when it is told to', async () => {
    await expect(
      inspect(bytesSource(safetensors), { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });

  it('refuses a source that gives less than its size promises', async () => {
    const source = { sizeBytes: 100, read: async () => new Uint8Array(10) };
    expect(await refusalOf(() => inspect(source))).toMatchObject({ offset: 10 });
  });
});

describe('FormatError', () => {
  it('is recognised across copies of the package, and nothing else is', () => {
    const error = new FormatError({ format: 'onnx', offset: 3, reason: 'it is broken', hint: 'Mend it.' });
    expect(FormatError.isInstance(error)).toBe(true);
    expect(FormatError.isInstance(Object.create({ [Symbol.for('holdfast.format-error')]: true }))).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'text'])
      expect(FormatError.isInstance(other)).toBe(false);
    expect(error.message).toBe('Not valid onnx at byte 3: it is broken');
    expect(error.with({ path: 'a.onnx' }).message).toBe('Not valid onnx in a.onnx at byte 3: it is broken');
  });
});
