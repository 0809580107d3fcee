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

test('hashing and sending are two passes, each with its own name and rate', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const stderr = { write: (text: string) => lines.push(text) };
  const output = new Output({ stdout: stderr, stderr, environment: {} });
  const meter = new TransferMeter('Saving model.onnx', output, () => Date.now());
  try {
    vi.advanceTimersByTime(4_000);
    meter.onProgress({ phase: 'hash', bytes: 104_857_600, totalBytes: 104_857_600 });
    vi.advanceTimersByTime(1_000);
    expect(lines[0]).toMatch(/^Saving model\.onnx: hashing {2}100 %/);
    vi.advanceTimersByTime(4_000);
    meter.onProgress({ phase: 'write', bytes: 1_048_576, totalBytes: 104_857_600 });
    vi.advanceTimersByTime(1_000);
    meter.onProgress({ phase: 'write', bytes: 2_097_152, totalBytes: 104_857_600 });
    vi.advanceTimersByTime(5_000);
    expect(lines[2]).toMatch(/^Saving model\.onnx: sending {4}2 % {2}2 MiB of 100 MiB {2}341 KiB\/s/);
  } finally {
    meter[Symbol.dispose]();
    vi.useRealTimers();
  }
});
