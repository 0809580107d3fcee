import { expect, test } from 'vitest';
import { printReport } from './print-report.ts';

test('facts of one measure are added up, and told one by one; one short fact makes the sum short', () => {
  const fact = { subject: 'store', measure: 'kills', detail: 'fsync', count: 25, isLong: true };
  const report = printReport({
    suites: [
      { name: 'cases', files: [], isCounted: true, passedTests: 7 },
      { name: 'faults', files: [], isCounted: false, passedTests: 3 },
    ],
    facts: [
      fact,
      { ...fact, detail: 'link', count: 6 },
      { ...fact, subject: 'registry', count: 4 },
      { ...fact, subject: 'registry', count: 5, isLong: false },
    ],
    machine: 'a machine',
    at: new Date('2026-01-02T03:04:05Z'),
  });
  expect(report).toContain('On 2026-01-02, a machine.');
  expect(report).toContain('| cases | all | 7 | 0 |');
  expect(report).not.toContain('| faults |');
  expect(report).toContain('| kills: store | long | 31 | 0 |');
  expect(report).toContain('| kills: registry | short | 9 | 0 |');
  expect(report).toContain('| store | kills | link | 6 |');
});
