import { describe, expect, it } from 'vitest';
import { bytesSource, inspect, sampleClassifier } from '../index.ts';

describe('sampleClassifier', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    expect(sampleClassifier(1)).toEqual(sampleClassifier(1));
    expect(sampleClassifier(1).onnx).not.toEqual(sampleClassifier(2).onnx);
  });

  it('holds the same weights in both formats', async () => {
    const { onnx, safetensors } = sampleClassifier(3);
    const [first, second] = await Promise.all([
      inspect(bytesSource(onnx)),
      inspect(bytesSource(safetensors)),
    ]);
    expect(first.summary['parameterCount']).toBe(second.summary['parameterCount']);
    for (const tensor of first.tensors ?? []) {
      const twin = second.tensors?.find(({ name }) => name === tensor.name);
      expect(twin?.shape).toEqual(tensor.shape);
      expect(safetensors.subarray(twin?.byteRange?.start, twin?.byteRange?.end)).toEqual(
        onnx.subarray(tensor.byteRange?.start, tensor.byteRange?.end),
      );
    }
  });
});
