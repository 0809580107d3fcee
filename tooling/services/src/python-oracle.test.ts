import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pythonOracle } from './python-oracle.ts';

const python = pythonOracle();

describe.skipIf(python === undefined)('the Python oracle', () => {
  it('has what the differential tests ask for', () => {
    const script = 'import numpy, onnx, safetensors; print(numpy.arange(3).sum())';
    expect(execFileSync(python ?? '', ['-c', script], { encoding: 'utf8' }).trim()).toBe('3');
  });
});
