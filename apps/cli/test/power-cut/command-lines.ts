import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCommandLine } from '@holdfast/cli';
import { CapturedStream } from '../../src/output/captured-stream.ts';

/** Command lines in this process, with a home and a working folder below one folder. */
export class CommandLines {
  /** Where the commands are run. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(folder: string) {
    const home = join(folder, 'home');
    this.workingFolder = join(folder, 'work');
    this.environment = {
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_STATE_HOME: join(home, 'state'),
    };
    for (const path of [home, this.workingFolder]) mkdirSync(path, { recursive: true });
  }

  /** Runs a command whose words are separated by spaces. @throws Error when it fails, with what it printed. */
  async succeed(commandLine: string): Promise<string> {
    const [stdout, stderr] = [new CapturedStream({}), new CapturedStream({})];
    const exitCode = await runCommandLine({
      arguments: commandLine.split(' '),
      workingFolder: this.workingFolder,
      environment: this.environment,
      stdin: Readable.from([]),
      stdout,
      stderr,
      interruption: { signal: new AbortController().signal, exitCode: undefined },
    });
    if (exitCode === 0) return stdout.text;
    throw new Error(`holdfast ${commandLine} ended with ${exitCode}: ${stderr.text}`);
  }
}
