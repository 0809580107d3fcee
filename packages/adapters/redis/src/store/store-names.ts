/**
 * The names of a store's keys on the server. All of them have the store's prefix in braces, so that a cluster keeps
 * them on one node, where a script can decide over several objects at once.
 */
export class StoreNames {
  /** The sorted set of all object keys. */
  readonly index: string;
  /** Stands before an object key in the name of its record. */
  readonly record: string;
  /** Stands before the data id in the names of chunks, which end in `:` and the chunk's number. */
  readonly chunk: string;
  /** Stands before the id of a commit in the name of the mark that it leaves. */
  readonly commit: string;

  constructor(prefix: string) {
    this.index = `{${prefix}}:index`;
    this.record = `{${prefix}}:object:`;
    this.chunk = `{${prefix}}:data:`;
    this.commit = `{${prefix}}:commit:`;
  }
}
