import type { JsonValue } from '@holdfast/domain';
import type { CommandContext, NestedRun } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { printDuration } from '../../output/print-duration.ts';
import { QuickstartFolder } from './quickstart-folder.ts';
import type { TourStep, TourStepReport } from './tour-step.ts';
import { tourSteps } from './tour-steps.ts';

/** Shows the main job on sample data: each step runs the very command that it names. */
export const runQuickstart: CommandHandler = async (invocation, context) => {
  const startedMs = performance.now();
  const folder = await QuickstartFolder.create(invocation.text('folder'), context);
  const { output } = context;
  const narrate = output.isJson ? () => undefined : (text: string) => output.print(text);
  narrate(introduction(folder, context));
  const reports: TourStepReport[] = [];
  const setUp: TourStep = {
    title: 'Set up',
    explanation: 'A configuration with comments, a store for bytes and a database for records: no server.',
    commandLine: ['init'],
  };
  for (const [index, step] of [setUp, ...tourSteps(folder)].entries()) {
    context.signal.throwIfAborted();
    reports.push(
      await takeStep({ ...step, title: `${index + 1}. ${step.title}` }, { folder, context, narrate }),
    );
  }
  const durationMs = performance.now() - startedMs;
  narrate(conclusion(folder, durationMs, context));
  if (output.isJson)
    output.print(JSON.stringify({ folder: folder.path, durationMs: Math.round(durationMs), steps: reports }));
};

interface Stage {
  readonly folder: QuickstartFolder;
  readonly context: CommandContext;
  readonly narrate: (text: string) => void;
}

async function takeStep(step: TourStep, { folder, context, narrate }: Stage): Promise<TourStepReport> {
  const { style, isJson } = context.output;
  const startedMs = performance.now();
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    narrate(`   ${style.warning(text)}`);
  };
  narrate(`\n${style.bold(step.title)}\n   ${style.dim(step.explanation)}`);
  if (step.prepare !== undefined) note(await step.prepare());
  const command = ['holdfast', ...step.commandLine].join(' ');
  narrate(`   ${style.accent(`$ ${command}`)}`);
  const run = await context.runNested([...step.commandLine, ...(isJson ? ['--json'] : [])], {
    workingFolder: folder.path,
    environment: {
      ...folder.environment,
      ...(style.bold('x') === 'x' ? { NO_COLOR: '1' } : { FORCE_COLOR: '1' }),
    },
  });
  narrate(indented(run));
  assertExpected(step, run);
  if (step.conclude !== undefined) note(await step.conclude());
  const answers = isJson
    ? run.stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as JsonValue)
    : [];
  return {
    title: step.title,
    command,
    exitCode: run.exitCode,
    answers,
    notes,
    durationMs: Math.round(performance.now() - startedMs),
  };
}

function assertExpected({ title, exitCode = 0 }: TourStep, run: NestedRun): void {
  if (run.exitCode !== exitCode)
    throw new Error(`"${title}" ended with ${run.exitCode}: ${run.stderr}${run.stdout}`);
}

function indented({ stdout, stderr }: NestedRun): string {
  return `${stdout}${stderr}`.trimEnd().replaceAll(/^(?=.)/gm, '   ');
}

function introduction({ path }: QuickstartFolder, { output: { style } }: CommandContext): string {
  return `${style.bold('Holdfast in two minutes')}
   Everything happens in ${path}
   It holds a small classifier in two formats, made for this tour; nothing else is touched.`;
}

/** Who came through `npm start` has no `holdfast` on the path, and cannot take it into another folder. */
function nextCommands(
  { path }: QuickstartFolder,
  isNpmStart: boolean,
): readonly (readonly [string, string])[] {
  const [program, here] = isNpmStart ? ['npm start --', ` --config ${path}/holdfast.yaml`] : ['holdfast', ''];
  return [
    ...(isNpmStart
      ? []
      : ([[`cd ${path}`, 'the folder of this tour; its configuration is found there']] as const)),
    [`${program} show fault-classifier --json${here}`, 'what scripts see'],
    [`${program} put YOUR-MODEL --name my-model`, 'a file or a folder of your own'],
    [`${program} --help`, 'every command, with examples'],
    [`rm -r ${path}`, 'and the tour is gone'],
  ];
}

function conclusion(folder: QuickstartFolder, durationMs: number, context: CommandContext): string {
  const { style } = context.output;
  const commands = nextCommands(folder, context.environment['npm_lifecycle_event'] === 'start');
  const lines = commands.map(
    ([command, explanation]) => `   ${style.accent(command)}\n       ${explanation}`,
  );
  return `\n${style.bold('Done')} in ${printDuration(durationMs)}. What to try next:\n${lines.join('\n')}`;
}
