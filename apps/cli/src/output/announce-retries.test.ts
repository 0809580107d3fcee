import { channel } from 'node:diagnostics_channel';
import { type RetryNotice, retryChannelName } from '@holdfast/ports';
import { expect, test } from 'vitest';
import { announceRetries } from './announce-retries.ts';
import { Output } from './output.ts';

test('people read why and when a request is sent again, unless the wait is over at once', () => {
  const lines: string[] = [];
  const stderr = { write: (text: string) => lines.push(text) };
  const notice: RetryNotice = { reason: 'no answer came', attempt: 2, mostAttempts: 10, delayMs: 2_000 };
  {
    using _announced = announceRetries(new Output({ stdout: stderr, stderr, environment: {} }));
    channel(retryChannelName).publish(notice);
    channel(retryChannelName).publish({ ...notice, delayMs: 100 });
  }
  channel(retryChannelName).publish(notice);
  expect(lines).toEqual(['Trying again in 2.0 s (2 of 10): no answer came.\n']);
});
