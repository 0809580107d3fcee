import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import type { PublishedPackage } from '../src/published-package.ts';

/** What a package may hold beside what it is built into. */
const besideBuilt = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
const extraFolders: Readonly<Record<string, RegExp>> = { '@holdfast/contracts': /^schema\/[^/]+\.json$/ };
/** Ways of resolving that packages of modules alone do not serve. */
const notServed = new Set(['node10', 'node16-cjs']);

/** What is in each package that was published. */
export function describeContents(names: readonly string[], find: (name: string) => PublishedPackage): void {
  describe.each(names)('the package %s', (name) => {
    it('holds what it is built into, and what a reader needs', () => {
      const { files, isBundle } = find(name);
      const built = isBundle ? /^dist\/bundle\/[^/]+\.(?:js|txt)$/ : /^dist\/(?!bundle\/).+\.(?:d\.ts|js)$/;
      const others = files.map(({ path }) => path).filter((path) => !built.test(path));
      expect(others.filter((path) => !extraFolders[name]?.test(path))).toEqual(besideBuilt);
      expect(files.filter(({ path }) => /\.test\.|tsbuildinfo/.test(path))).toEqual([]);
      expect(
        files.filter(({ content }) => content.includes('sourceMappingURL=')).map(({ path }) => path),
      ).toEqual([]);
    });

    it('says what it is, and whence it comes', () => {
      const { manifest, folder, version } = find(name);
      expect(manifest).toMatchObject({
        version,
        license: 'Apache-2.0',
        engines: { node: '>=22.18' },
        repository: { type: 'git', directory: folder },
        description: expect.stringMatching(/./),
        keywords: expect.arrayContaining(['holdfast']),
      });
      expect(JSON.stringify(manifest)).not.toMatch(/"(?:workspace|catalog):|@holdfast\/source|"\.\/src\//);
    });

    it('takes any patch of what it depends on', () => {
      const { manifest, version } = find(name);
      const ranges = Object.entries(manifest.dependencies ?? {});
      for (const [dependency, range] of ranges) {
        expect(range).toMatch(dependency.startsWith('@holdfast/') ? `^${version}` : /^\^\d/);
      }
    });

    it('is packed as publint wants it', async () => {
      const { tarball, manifest } = find(name);
      const { messages } = await publint({ pack: { tarball: asBuffer(tarball) }, strict: true });
      expect(messages.map((message) => formatMessage(message, { ...manifest }))).toEqual([]);
    });

    it('has types wherever it can be imported from', async () => {
      const { tarball, isBundle } = find(name);
      const analysis = await checkPackage(createPackageFromTarballData(tarball));
      expect(analysis.types).toEqual(isBundle ? false : { kind: 'included' });
      const problems = analysis.types === false ? [] : analysis.problems;
      expect(
        problems.filter((one) => !('resolutionKind' in one && notServed.has(one.resolutionKind))),
      ).toEqual([]);
    });
  });
}

function asBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
