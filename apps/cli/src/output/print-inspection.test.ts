import { expect, test } from 'vitest';
import { inspectionSections } from './print-inspection.ts';

test('counts that ended at a limit are printed as the least that they can be', () => {
  const summary = { superblockVersion: 0, groupCount: 1, datasetCount: 9999 };
  const bodyOf = (facts: typeof summary & { readonly countsAreLeast?: true }): string | undefined =>
    inspectionSections({ summary: facts })[0]?.body.replaceAll(/ +/g, ' ');
  expect(bodyOf({ ...summary, countsAreLeast: true })).toBe(
    ' superblockVersion 0\n groupCount at least 1\n datasetCount at least 9999',
  );
  expect(bodyOf(summary)).toContain(' datasetCount 9999');
});
