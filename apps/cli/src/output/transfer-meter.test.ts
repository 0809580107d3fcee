import { expect, test, vi } from 'vitest';
import { Output } from './output.ts';
import { TransferMeter } from './transfer-meter.ts';

test('says nothing within five seconds, then how far it is, and stops with its disposal', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const stderr = { write: (text: string) => lines.push(text) };
  const output = new Output({ stdout: stderr, stderr, environment: {} });
  const meter = new TransferMeter('Saving model.onnx', output, () => Date.now());
  try {
    vi.advanceTimersByTime(4_900);
    expect(lines).toEqual([]);
    meter.onProgress({ phase: 'write', bytes: 26_214_400, totalBytes: 104_857_600 });
    vi.advanceTimersByTime(100);
    expect(lines).toEqual(['Saving model.onnx   25 %  25 MiB of 100 MiB  5 MiB/s  15 s left\n']);
    meter.onProgress({ phase: 'write', bytes: 104_857_600, totalBytes: 104_857_600 });
    vi.advanceTimersByTime(5_000);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('100 %');
    meter[Symbol.dispose]();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
