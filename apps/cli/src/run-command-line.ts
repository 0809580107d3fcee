import { Readable, type Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { AppSession } from './command/app-session.ts';
import type { NestedRun } from './command/command-context.ts';
import { createProgram, type SelectedCommand } from './command/create-program.ts';
import { type GlobalSettings, guessGlobalSettings } from './command/global-options.ts';
import type { Interruption } from './command/interruption.ts';
import { wrongUse } from './command/wrong-use.ts';
import { allCommands } from './commands/all-commands.ts';
import { ExitCode } from './failure/exit-code.ts';
import { LateFailure } from './failure/late-failure.ts';
import { announceRetries } from './output/announce-retries.ts';
import { CapturedStream } from './output/captured-stream.ts';
import { ClosedPipe } from './output/closed-pipe.ts';
import { mayColor } from './output/may-color.ts';
import { Output } from './output/output.ts';
import { whenWritten } from './output/when-written.ts';

/** What a run of the program is given from outside. */
export interface ProcessSurroundings {
  /** Without the program's own name. */
  readonly arguments: readonly string[];
  /** Absolute. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly interruption: Pick<Interruption, 'signal' | 'exitCode'>;
}

const widestHelpColumns = 110;

/** Runs one command to its end and answers its exit code. It never throws: every failure is told and counted. */
export async function runCommandLine(surroundings: ProcessSurroundings): Promise<number> {
  const { arguments: commandLine, stdout, stderr, environment } = surroundings;
  const closedPipe = new ClosedPipe(stdout);
  stderr.on('error', () => undefined);
  const guessed = guessGlobalSettings(commandLine);
  let exitCode: number = ExitCode.Done;
  const program = createProgram(allCommands, {
    run: async (selected) => {
      exitCode = await runCommand(selected, surroundings, closedPipe);
    },
    writeHelp: (text) => void stdout.write(text),
    writeHelpAfterError: (text) => void stderr.write(text),
    hasColors: mayColor(stdout, { environment, isRefused: guessed.isColorRefused }),
    isJson: guessed.isJson,
    widthColumns: Math.min(stdout.columns ?? widestHelpColumns, widestHelpColumns),
  });
  try {
    await program.parseAsync(commandLine, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tell(error, outputOf(surroundings, guessed), surroundings);
    if (error.exitCode === 0) return ExitCode.Done;
    if (error.code === 'commander.help') return ExitCode.WrongUse;
    return tell(wrongUse(error, commandLine, allCommands), outputOf(surroundings, guessed), surroundings);
  }
}

async function runCommand(
  { declaration, invocation, settings }: SelectedCommand,
  surroundings: ProcessSurroundings,
  closedPipe: ClosedPipe,
): Promise<number> {
  const { workingFolder, environment, stdin, stdout, interruption } = surroundings;
  const output = outputOf(surroundings, settings);
  const signal = AbortSignal.any([interruption.signal, closedPipe.signal]);
  const flags = settings.configuration;
  try {
    const handle = await declaration.load?.();
    using _retries = announceRetries(output);
    await using session = new AppSession({
      output,
      workingFolder,
      environment,
      flags,
      signal,
      onUserFolder: (folder) =>
        output.say(output.messageStyle.dim(`No project in this folder or above: using ${folder}.`)),
    });
    const exitCode = await handle?.(invocation, {
      workingFolder,
      environment,
      output,
      signal,
      stdin,
      stdout,
      loadConfiguration: () => session.loadConfiguration(),
      openApp: (options) => session.openApp(options),
      runNested: (commandLine, options) => runNested(commandLine, { ...surroundings, ...options }),
    });
    await whenWritten(stdout, signal).catch(unwritten);
    return exitCode ?? ExitCode.Done;
  } catch (error) {
    if (closedPipe.signal.aborted && interruption.exitCode === undefined) return ExitCode.Done;
    return tell(error, output, { ...surroundings, outcome: declaration.failure });
  }
}

/** The command has done its work: only what it answers is lost. */
function unwritten(error: unknown): never {
  throw new LateFailure(
    'The command succeeded, but its output could not be written to standard output.',
    error,
  );
}

/** Failures are rare: what tells them is loaded only then. */
async function tell(
  error: unknown,
  output: Output,
  {
    interruption,
    outcome = 'Nothing was done.',
  }: Pick<ProcessSurroundings, 'interruption'> & { readonly outcome?: string },
): Promise<number> {
  const { describeFailure } = await import('./failure/describe-failure.ts');
  const { printFailure } = await import('./failure/print-failure.ts');
  const failure = describeFailure(error, { outcome, interruptedWith: interruption.exitCode });
  printFailure(failure, error, output);
  return failure.exitCode;
}

function outputOf(surroundings: ProcessSurroundings, settings: GlobalSettings): Output {
  const { stdout, stderr, environment } = surroundings;
  const { isJson, isQuiet, isVerbose, isColorRefused } = settings;
  return new Output({ stdout, stderr, environment, isJson, isQuiet, isVerbose, isColorRefused });
}

async function runNested(
  commandLine: readonly string[],
  surroundings: ProcessSurroundings,
): Promise<NestedRun> {
  const { isTTY, columns } = surroundings.stdout;
  const [stdout, stderr] = [new CapturedStream({ isTTY, columns }), new CapturedStream({})];
  const stdin = Readable.from([]);
  const exitCode = await runCommandLine({ ...surroundings, arguments: commandLine, stdin, stdout, stderr });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
