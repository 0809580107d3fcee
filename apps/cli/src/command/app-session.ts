import { userInfo } from 'node:os';
import type { App, ConfigurationFlags, LoadedConfiguration } from '@holdfast/composition';
import type { Output } from '../output/output.ts';
import { slowQueryLog } from './slow-query-log.ts';

export interface AppSessionOptions {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: ConfigurationFlags;
  readonly signal: AbortSignal;
  readonly output: Pick<Output, 'isVerbose' | 'complain'>;
  /** From when on a statement of the database took long. @default 1_000 */
  readonly slowQueryMs?: number | undefined;
  /** Called when no project was found, with the folder that is used instead, before anything is opened. */
  readonly onUserFolder?: (folder: string) => void;
}

/** What a command does with the stores and the registry that it opens. */
export interface OpenAppOptions {
  /** Make a database that is missing. @default false */
  readonly create?: boolean | undefined;
  /** It frees room: on a full disk it may use what is kept for that. @default false */
  readonly usesReserve?: boolean | undefined;
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

  openApp({ create = false, usesReserve = false }: OpenAppOptions = {}): Promise<App> {
    this.#app ??= this.#open(create, usesReserve ? 'use' : create ? 'keep' : undefined);
    return this.#app;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const app = await this.#app?.catch(() => undefined);
    await app?.[Symbol.asyncDispose]();
  }

  async #load(): Promise<LoadedConfiguration> {
    const { workingFolder, environment, flags } = this.#options;
    const { loadConfiguration } = await import('@holdfast/composition');
    return loadConfiguration({ workingFolder, environment, flags });
  }

  async #open(create: boolean, reserve: 'keep' | 'use' | undefined): Promise<App> {
    const { configuration, userFolder } = await this.loadConfiguration();
    if (userFolder !== undefined) this.#options.onUserFolder?.(userFolder);
    const { cacheFolder, createApp, stateFolder } = await import('@holdfast/composition');
    const { environment, signal, output, slowQueryMs } = this.#options;
    const actor = actorOf(environment);
    return createApp(configuration, {
      create,
      signal,
      cacheFolder: cacheFolder(environment),
      onSlowQuery: slowQueryLog({ folder: stateFolder(environment), output }),
      reserve,
      slowQueryMs,
      actor,
    });
  }
}

/** Whom histories name: `HOLDFAST_ACTOR`, else the user of the system, where it knows a name for it. */
function actorOf(environment: AppSessionOptions['environment']): string | undefined {
  const named = environment['HOLDFAST_ACTOR'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}
