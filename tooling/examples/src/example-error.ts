/** An example that is wrong, and the place in its page. */
export class ExampleError extends Error {
  override readonly name = 'ExampleError';
  readonly path: string;
  readonly line: number;

  constructor(place: { readonly path: string; readonly line: number }, problem: string) {
    super(`${place.path}:${place.line}: ${problem}`);
    this.path = place.path;
    this.line = place.line;
  }
}
