import { describe, expect, it } from 'vitest';
import { countTests } from '../count-tests.mjs';
import { Tally } from '../tally.mjs';

const green = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };

describe('the counts of a test run', () => {
  it('are those of the report', () => {
    expect(countTests(JSON.stringify(green), 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  it('hold a failure for a file that could not be loaded', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
    ];
    const report = JSON.stringify({ ...green, numFailedTests: 1, testResults });
    expect(countTests(report, 1)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('hold a failure for an error outside of any test', () => {
    expect(countTests(JSON.stringify(green), 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('hold a failure when there is no report', () => {
    expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the tally', () => {
  it('adds up and decides the exit code', () => {
    const tally = new Tally();
    tally.add({ passed: 2, skipped: 1 });
    expect([String(tally), tally.exitCode]).toEqual(['2 passed, 0 failed, 1 skipped', 0]);
    tally.add({ passed: 1, failed: 1 });
    expect([String(tally), tally.exitCode]).toEqual(['3 passed, 1 failed, 1 skipped', 1]);
  });
});
