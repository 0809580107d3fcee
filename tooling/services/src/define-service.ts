import { defineTool, type InstallResult, type ToolDefinition } from './define-tool.ts';
import { freePort } from './free-port.ts';
import { reportMissing } from './report-missing.ts';
import { ServerProcess } from './server-process.ts';
import { makeServiceFolder, removeServiceFolder } from './service-folder.ts';
import type { SystemUser } from './unprivileged-user.ts';

/** What a server is started with. */
export interface ServerPlace {
  readonly port: number;
  /** An empty folder for its data, deleted when it ends. */
  readonly folder: string;
}

/** How a server is started. */
export interface ServerCommand {
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The user that it runs as. @default this process's */
  readonly user?: SystemUser | undefined;
  /** What asks it to end at once. @default 'SIGTERM' */
  readonly endSignal?: NodeJS.Signals;
  /** Where tests reach it, such as `http://127.0.0.1:4711`. */
  readonly address: string;
  /** Whether it answers; asked again until it does. */
  readonly isReady: () => Promise<boolean>;
  /** @default 60000 */
  readonly readyWithinMs?: number;
}

/** A server that tests run against. Its `variable` holds the address of a running one. */
export interface ServiceDefinition extends ToolDefinition {
  readonly start: (place: ServerPlace) => ServerCommand | Promise<ServerCommand>;
}

/** A server that answers. Disposing of it ends it, unless it was there before. */
export interface RunningService extends AsyncDisposable {
  readonly address: string;
  /** Where its data lies; `undefined` when it was there before. */
  readonly folder?: string;
}

/** A server that tests may need. */
export interface Service {
  readonly name: string;
  readonly install: () => Promise<InstallResult>;
  /**
   * Starts the server on a free port of the loopback; `undefined` after one loud line when it is missing.
   *
   * @throws Error when it is missing and `CI` is `true`, or when it does not answer in time.
   */
  readonly open: () => Promise<RunningService | undefined>;
}

/** Makes a service: an address from the environment comes first, then a found or installed program. */
export function defineService(definition: ServiceDefinition): Service {
  const { name, variable, find } = definition;
  return {
    name,
    install: defineTool(definition).install,
    open: async () => {
      const address = process.env[variable];
      if (address !== undefined) return { address, [Symbol.asyncDispose]: async () => {} };
      const program = find();
      return program === undefined ? reportMissing({ name, variable }) : startServer(program, definition);
    },
  };
}

async function startServer(program: string, { name, start }: ServiceDefinition): Promise<RunningService> {
  const folder = await makeServiceFolder();
  let server: ServerProcess | undefined;
  const end = async (): Promise<void> => {
    await server?.end();
    await removeServiceFolder(folder);
  };
  let command: ServerCommand;
  try {
    command = await start({ port: await freePort(), folder });
    server = new ServerProcess(name, program, command);
    await server.untilReady(command.isReady, command.readyWithinMs);
  } catch (error) {
    await end();
    throw error;
  }
  return { address: command.address, folder, [Symbol.asyncDispose]: end };
}
