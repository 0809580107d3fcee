/** Where the blocks of one page are run, as somebody who has installed what the page uses. */
export interface ExampleWorld extends AsyncDisposable {
  /** The working folder: empty, and all of this page's own. Packages are found from it. */
  readonly folder: string;
  /** The whole environment of programs and commands; its `PATH` has `node`, `npm`, `npx` and `holdfast`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of Node before the program. */
  readonly nodeArguments: readonly string[];
}
