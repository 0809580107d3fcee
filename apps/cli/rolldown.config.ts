import { defineConfig } from 'rolldown';
import { thirdPartyLicenses } from './bundling/third-party-licenses.ts';

/**
 * Puts what a command loads into few files in the place of some eight hundred, which is what its start costs.
 * The folder is the bundle's alone, and all that is published: the compiler never writes there.
 */
export default defineConfig({
  input: {
    main: 'src/main.ts',
    'inspection-worker': '../../packages/application/registry/src/inspection/inspection-worker.ts',
  },
  platform: 'node',
  resolve: { conditionNames: ['@holdfast/source', 'node', 'default'] },
  transform: { target: 'node22.18' },
  output: { dir: 'dist/bundle', format: 'esm', cleanDir: true, chunkFileNames: '[name]-[hash].js' },
  plugins: [thirdPartyLicenses('THIRD-PARTY-NOTICES.txt')],
});
