/**
 * Makes a web stream of lent chunks: each gets memory of its own.
 *
 * @param leave Ends the source at once, also while a chunk is waited for; called when the stream is cancelled.
 */
export function toReadableStream(
  chunks: AsyncIterable<Uint8Array>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(Uint8Array.from(next.value));
      },
      async cancel() {
        leave();
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
