/** What the user gave to a command, after the command line was checked against its declaration. */
export class Invocation {
  readonly #arguments: readonly unknown[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(values: readonly unknown[], options: Readonly<Record<string, unknown>>) {
    this.#arguments = values;
    this.#options = options;
  }

  /** A required argument, by its place. */
  argument(index: number): string {
    return String(this.#arguments[index]);
  }

  /** An argument that may be missing. */
  optionalArgument(index: number): string | undefined {
    const value = this.#arguments[index];
    return typeof value === 'string' ? value : undefined;
  }

  /** An argument of several values. */
  argumentList(index: number): readonly string[] {
    const value = this.#arguments[index];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** The value of an option. */
  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The values of an option that may stand several times. */
  texts(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** Whether an option without a value was given. */
  isSet(name: string): boolean {
    return this.#options[name] === true;
  }
}
