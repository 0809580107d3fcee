import { afterEach, describe, expect, it, vi } from 'vitest';
import { strace } from './strace.ts';

/** A program that ends with 1, as strace does where it may not trace. */
const refused = '/bin/false';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe.skipIf(process.platform !== 'linux')('strace where tracing is forbidden', () => {
  it('is missing after one loud line', () => {
    vi.stubEnv('CI', 'false');
    vi.stubEnv('HOLDFAST_TEST_STRACE', refused);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(strace()).toBeUndefined();
    expect(write).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('!!! SKIPPED: strace cannot trace'),
    );
  });

  it('may not be missing under CI', () => {
    vi.stubEnv('CI', 'true');
    vi.stubEnv('HOLDFAST_TEST_STRACE', refused);
    expect(() => strace()).toThrow('allow ptrace');
  });
});
