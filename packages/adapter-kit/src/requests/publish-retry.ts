import { channel } from 'node:diagnostics_channel';
import { type RetryNotice, retryChannelName } from '@holdfast/ports';

const retries = channel(retryChannelName);

/** Publishes a notice to those who subscribed to the channel; without any it costs nothing. */
export function publishRetry(notice: RetryNotice): void {
  if (retries.hasSubscribers) retries.publish(notice);
}
