/** Work that failed in a transaction which was undone after it: its connection can be used again. */
export class UndoneWork extends Error {
  constructor(cause: unknown) {
    super('the transaction was undone', { cause });
  }
}
