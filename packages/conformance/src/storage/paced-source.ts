import { setImmediate as nextTurn } from 'node:timers/promises';
import { lendingSource } from './lending-source.ts';

/** Gives bytes like {@link lendingSource}, and lets everybody else have a turn before each chunk. */
export async function* pacedSource(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const chunk of lendingSource(bytes)) {
    await nextTurn();
    yield chunk;
  }
}
