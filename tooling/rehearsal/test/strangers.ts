import { readFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readmeExamples } from '../src/readme-examples.ts';
import type { Rehearsal } from '../src/rehearsal.ts';
import { nodeFolders } from '../src/repository.ts';

const nodes = ['22', '24'] as const;

/** What people do who have an empty folder and a registry. */
export function describeStrangers(rehearsal: () => Rehearsal): void {
  describe('with an empty folder, a stranger', () => {
    it('stores and verifies a file in under ten lines', async () => {
      const stranger = await rehearsal().stranger('stores');
      await stranger.install('@holdfast/storage', '@holdfast/adapter-filesystem');
      const [{ code } = { code: '' }] = readmeExamples('.', 'program');
      expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThan(10);
      await stranger.write('tour/model.onnx', 'weights');
      await stranger.write('store.ts', `${code}\nconsole.log(Buffer.from(bytes).toString());\n`);
      expect(await stranger.node('24', 'store.ts')).toMatch(/(?:^|\n)weights\n$/);
      expect(await readdir(join(stranger.folder, 'store'))).not.toEqual([]);
    });

    it('tells formats with one package from others', async () => {
      const stranger = await rehearsal().stranger('formats');
      await stranger.install('@holdfast/formats');
      expect((await readdir(join(stranger.folder, 'node_modules'))).filter(isPackage)).toEqual([
        '@holdfast',
        'yaml',
      ]);
      expect(await readdir(join(stranger.folder, 'node_modules', '@holdfast'))).toEqual([
        'domain',
        'formats',
      ]);
      const [example] = readmeExamples('packages/formats', 'program');
      await stranger.write('formats.ts', example?.code ?? '');
      for (const node of nodes) expect(await stranger.node(node, 'formats.ts')).toBe(example?.output.text);
    });

    it('tests an adapter with the conformance kit', async () => {
      const stranger = await rehearsal().stranger('tests');
      await stranger.install('@holdfast/conformance', '@holdfast/adapter-memory', 'vitest');
      const [example] = readmeExamples('packages/conformance', 'file');
      await stranger.write('adapter.test.ts', example?.code ?? '');
      const report = join(stranger.folder, 'report.json');
      const words = ['run', '--reporter=json', `--outputFile=${report}`];
      await stranger.node('22', join('node_modules', 'vitest', 'vitest.mjs'), ...words);
      const counts = JSON.parse(await readFile(report, 'utf8')) as Record<string, number>;
      expect(counts['numFailedTests']).toBe(0);
      expect(counts['numPassedTests']).toBeGreaterThan(100);
    });

    it.each(nodes)('puts, gets and verifies at the command line of Node %s', async (node) => {
      const stranger = await rehearsal().stranger(`commands-${node}`);
      const programs = await stranger.installGlobally('@holdfast/cli');
      const path = [programs, nodeFolders[node], process.env['PATH'] ?? ''].join(delimiter);
      const holdfast = (...words: readonly string[]): Promise<string> =>
        stranger.run([process.platform === 'win32' ? 'holdfast.cmd' : 'holdfast', ...words], { path });
      expect(await holdfast('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
      await stranger.write('model.onnx', 'weights');
      await holdfast('put', 'model.onnx', '--name', 'classifier', '--alias', 'champion');
      await holdfast('get', 'classifier@champion', '-o', 'copy.onnx');
      expect(await readFile(join(stranger.folder, 'copy.onnx'), 'utf8')).toBe('weights');
      await holdfast('verify');
    });
  });
}

function isPackage(name: string): boolean {
  return !name.startsWith('.');
}
