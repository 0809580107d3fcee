import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import type { FolderContents } from '../src/power-cut/power-cut-scenario.ts';
import { tryPowerCuts } from '../src/power-cut/try-power-cuts.ts';
import { TracedProgram } from '../src/traced-program.ts';

const program = new TracedProgram(join(import.meta.dirname, 'replacing-program.ts'));

async function observe(folder: string): Promise<FolderContents> {
  const path = join(folder, 'saved');
  return new Map(existsSync(path) ? [['saved', readFileSync(path, 'utf8')]] : []);
}

function replaceTwice(...forgotten: readonly string[]): ReturnType<typeof tryPowerCuts> {
  return tryPowerCuts({
    program,
    parameters: (folder) => [join(folder, 'saved'), ...forgotten],
    prepare: async (folder) => writeFileSync(join(folder, 'saved'), 'first'),
    observe,
  });
}

describe.skipIf(strace() === undefined)('a program that replaces a file', () => {
  test('loses nothing when it syncs the file, then its folder', async () => {
    const { states, contents } = await replaceTwice();
    expect(states).toBeGreaterThan(5);
    expect(contents.get('saved')).toBe('third');
  });

  test('is found out when it does not sync the file, by the bytes that are lost', async () => {
    await expect(replaceTwice('file')).rejects.toThrow(
      /It holds .*\nAcknowledged: [^]* write .*: (?:lost|zeros)$/,
    );
  });

  test('is found out when it does not sync the folder, by the name that is lost', async () => {
    await expect(replaceTwice('folder')).rejects.toThrow(
      /It holds .*\nAcknowledged: done second\n.*\n {2}rename saved: lost$/,
    );
  });
});
