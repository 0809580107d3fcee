/** A library that keeps bytes under names in a folder, as its users call it. */
export interface Library extends AsyncDisposable {
  readonly name: string;
  /** Keeps bytes under a name that is new. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** All bytes of a name, in memory of their own. */
  get(name: string): Promise<Uint8Array>;
  /** Forgets a name and its bytes. */
  remove(name: string): Promise<void>;
}

/** Opens a library on an empty folder. */
export type OpenLibrary = (folder: string) => Promise<Library>;

/** For a library that holds nothing open. */
export const holdsNothing: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };
