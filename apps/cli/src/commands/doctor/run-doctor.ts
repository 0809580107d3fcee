import type { LoadedConfiguration } from '@holdfast/composition';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { describeFailure } from '../../failure/describe-failure.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printTable } from '../../output/table.ts';
import { checkClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkStore } from './check-store.ts';
import { type HealthCheck, failedCheck } from './health-check.ts';

/** Checks that everything works; ends with 1 when something does not. */
export const runDoctor: CommandHandler = async (_invocation, context) => {
  const checks = await makeChecks(context);
  const isHealthy = checks.every(({ state }) => state !== 'bad');
  context.output.answer({ isHealthy, checks }, () => printChecks(checks, context.output));
  for (const { subject, state, advice } of checks) {
    if (advice !== undefined && state !== 'good')
      context.output.say(`${context.output.messageStyle.accent('→')} ${subject}: ${advice}`);
  }
  return isHealthy ? ExitCode.Done : ExitCode.CheckFailed;
};

async function makeChecks(context: CommandContext): Promise<readonly HealthCheck[]> {
  const runtime: HealthCheck = {
    subject: 'Node.js',
    state: 'good',
    finding: `version ${process.versions.node}`,
  };
  const loaded = await attempt('configuration', () => context.loadConfiguration());
  if ('subject' in loaded) return [runtime, loaded];
  const app = await context.openApp();
  const checks = [runtime, checkConfiguration(loaded)];
  checks.push(
    await checked('database', () => checkDatabase(app, loaded.configuration.database, context.signal)),
  );
  const looks = Object.entries(loaded.configuration.stores).map(([name, store]) =>
    checked(`store ${name}`, () => checkStore(app, { name, store, signal: context.signal })),
  );
  checks.push(...(await Promise.all(looks)));
  checks.push(await checked('clock', () => checkClock(app, Date.now())));
  return checks;
}

function checkConfiguration({ file, ignoredVariables }: LoadedConfiguration): HealthCheck {
  const finding = file ?? 'no file: the defaults hold';
  if (ignoredVariables.length === 0) return { subject: 'configuration', state: 'good', finding };
  const advice = `${ignoredVariables.join(', ')} sets nothing; see holdfast config show`;
  return { subject: 'configuration', state: 'notice', finding, advice };
}

async function checked(subject: string, look: () => Promise<HealthCheck>): Promise<HealthCheck> {
  return attempt(subject, look);
}

/** A failure is what is looked for here, unless the user interrupts. */
async function attempt<T>(subject: string, look: () => Promise<T>): Promise<T | HealthCheck> {
  try {
    return await look();
  } catch (error) {
    const failure = describeFailure(error, { outcome: '', interruptedWith: undefined });
    if (failure.code === 'cancelled' || failure.code === 'internal') throw error;
    return failedCheck(subject, failure);
  }
}

function printChecks(checks: readonly HealthCheck[], { style, widthColumns }: Output): string {
  const marks = { good: style.good('✓'), notice: style.warning('!'), bad: style.bad('✗') };
  const table = printTable(
    [
      { heading: 'CHECK', paint: style.bold },
      { heading: 'FINDING', shrinksTo: 40 },
    ],
    checks.map(({ subject, finding }) => [subject, plainText(finding)]),
    { widthColumns: widthColumns === undefined ? undefined : widthColumns - 2, paintHeading: style.dim },
  );
  return table
    .split('\n')
    .map((line, index) =>
      index === 0 ? `  ${line}` : `${marks[checks[index - 1]?.state ?? 'good']} ${line}`,
    )
    .join('\n');
}
