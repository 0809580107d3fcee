import { rmSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { thirdPartyLicenses } from './bundling/third-party-licenses.ts';

const chunkFolder = 'bundle';

/**
 * Puts what a command loads into few files in the place of some eight hundred, which is what its start costs.
 * It takes the place of the executable that the compiler made; the library beside it stays as it is.
 */
export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  resolve: { conditionNames: ['@holdfast/source', 'node', 'import', 'default'] },
  transform: { target: 'node22.18' },
  output: { dir: 'dist', format: 'esm', cleanDir: false, chunkFileNames: `${chunkFolder}/[name]-[hash].js` },
  plugins: [
    {
      name: 'no-old-chunks',
      buildStart: () => rmSync(`dist/${chunkFolder}`, { recursive: true, force: true }),
    },
    thirdPartyLicenses('THIRD-PARTY-LICENSES.txt'),
  ],
});
