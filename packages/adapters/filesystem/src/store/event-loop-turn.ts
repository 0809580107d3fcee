let turn: Promise<void> | undefined;

/**
 * Waits for one turn of the event loop, shared by all who ask in the same turn. A call into SQLite never waits
 * by itself, so a loop of such calls would keep every timer and every socket of the process waiting.
 */
export function eventLoopTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}
