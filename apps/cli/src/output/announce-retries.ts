import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type RetryNotice, retryChannelName } from '@holdfast/ports';
import type { Output } from './output.ts';
import { printDuration } from './print-duration.ts';

/** Shorter waits are over before they are read. */
const briefMs = 500;

/** Tells people that a request is sent again, and why, as long as it is not disposed of. */
export function announceRetries(output: Output): Disposable {
  const announce = (message: unknown): void => {
    const { reason, attempt, mostAttempts, delayMs } = message as RetryNotice;
    if (delayMs < briefMs) return;
    output.say(
      output.messageStyle.dim(
        `Trying again in ${printDuration(delayMs)} (${attempt} of ${mostAttempts}): ${reason}.`,
      ),
    );
  };
  subscribe(retryChannelName, announce);
  return { [Symbol.dispose]: () => void unsubscribe(retryChannelName, announce) };
}
