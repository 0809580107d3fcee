import { defineConfig } from 'vitest/config';

const sharedSettings = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

const folders = '{packages,apps,tooling}/**';
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  ssr: { resolve: { conditions: ['@holdfast/source'] } },
  test: {
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: { ...sharedSettings, name: 'unit', include: [`${folders}/src/**/*.test.ts`], exclude },
      },
      {
        extends: true,
        test: {
          ...sharedSettings,
          name: 'integration',
          include: [`${folders}/test/**/*.test.ts`],
          exclude,
          globalSetup: 'apps/cli/test/support/setup.ts',
        },
      },
    ],
  },
});
