import { type OperationContext, StorageError } from '@holdfast/ports';
import { limitIdle } from '../requests/limit-idle.ts';
import { storageErrorOf } from '../requests/request-failure.ts';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { OpenedObject } from './cloud-driver.ts';

/** How a body is read on when it breaks. */
export interface ResumableBodyOptions {
  readonly runner: RequestRunner;
  readonly context: OperationContext;
  readonly signal: AbortSignal | undefined;
  readonly idleMs: number;
  /**
   * Opens the same state of the object again, from an offset for a length.
   *
   * @throws StorageError `precondition-failed` when it is gone.
   */
  readonly reopen: (offset: number, length: number) => Promise<OpenedObject>;
}

/** A body that ended before its announced length. */
class TruncatedError extends Error {
  override readonly name = 'TruncatedError';
  readonly code = 'ECONNRESET';
}

/**
 * The bytes of an opened object to the last one: a body that breaks, goes silent or ends too early is continued by a
 * request for the rest of the same state, as long as each brings something.
 *
 * @throws StorageError `precondition-failed` when the object was replaced or deleted meanwhile, `corrupt` when more
 *   bytes come than were announced, `timeout` or `unavailable` when patience ran out.
 */
export async function* resumableBody(
  first: OpenedObject,
  options: ResumableBodyOptions,
): AsyncGenerator<Uint8Array> {
  const { runner, context, signal, idleMs } = options;
  const { offset, length } = first.range;
  const retries = runner.startRetries();
  let opened = first;
  let delivered = 0;
  for (;;) {
    try {
      for await (const chunk of limitIdle(opened.body, { idleMs, close: opened.close })) {
        if (chunk.byteLength === 0) continue;
        delivered += chunk.byteLength;
        if (delivered > length) throw tooMuch(length, context);
        retries.progressed();
        yield chunk;
      }
      if (delivered === length) return;
      throw new TruncatedError(`the body ended ${length - delivered} bytes early`);
    } catch (error) {
      const failure = runner.failureOf(error, signal, context);
      if (failure.isTemporary && delivered === length) return;
      const again = failure.isTemporary && (await retries.next(failure, signal));
      if (!again) {
        const retry = failure.isTemporary ? 'exhausted' : 'never';
        throw storageErrorOf(failure, context, { attempts: retries.attempts, retry, cause: error });
      }
    }
    opened = await options.reopen(offset + delivered, length - delivered);
  }
}

function tooMuch(length: number, context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'corrupt',
    message: `${context.backend} gave more than the ${length} bytes that it had announced.`,
    hint: 'Look for a proxy between here and the store that changes what passes.',
  });
}
