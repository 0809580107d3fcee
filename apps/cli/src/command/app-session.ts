import type { App, LoadedConfiguration } from '@holdfast/composition';

export interface AppSessionOptions {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configurationFile: string | undefined;
  readonly signal: AbortSignal;
}

/** The configuration and the opened stores of one command: each made when it is first needed, closed at the end. */
export class AppSession implements AsyncDisposable {
  readonly #options: AppSessionOptions;
  #configuration: Promise<LoadedConfiguration> | undefined;
  #app: Promise<App> | undefined;

  constructor(options: AppSessionOptions) {
    this.#options = options;
  }

  loadConfiguration(): Promise<LoadedConfiguration> {
    this.#configuration ??= this.#load();
    return this.#configuration;
  }

  openApp(): Promise<App> {
    this.#app ??= this.#open();
    return this.#app;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const app = await this.#app?.catch(() => undefined);
    await app?.[Symbol.asyncDispose]();
  }
}
