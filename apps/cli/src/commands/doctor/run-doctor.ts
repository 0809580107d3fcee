import type { LoadedConfiguration } from '@holdfast/composition';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { describeFailure } from '../../failure/describe-failure.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import { displayWidth } from '../../output/display-width.ts';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { wrapText } from '../../output/wrap-text.ts';
import { checkClock } from './check-clock.ts';
import { checkDatabase } from './check-database.ts';
import { checkSpools } from './check-spools.ts';
import { checkStore } from './check-store.ts';
import { checkTargets } from './check-targets.ts';
import { type HealthCheck, failedCheck } from './health-check.ts';

const leastFindingColumns = 24;

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
  checks.push(await checked('leftovers', () => checkTargets(app)));
  checks.push(...(await checkSpools()));
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

/** On a narrow terminal a finding goes on below itself, since its end matters as much as its beginning. */
function printChecks(checks: readonly HealthCheck[], { style, widthColumns }: Output): string {
  const marks = { good: style.good('✓'), notice: style.warning('!'), bad: style.bad('✗') };
  const subjectWidth = Math.max('CHECK'.length, ...checks.map(({ subject }) => displayWidth(subject)));
  const room = widthColumns === undefined ? Infinity : widthColumns - subjectWidth - 4;
  const lines = checks.map(({ subject, state, finding }) => {
    const padding = ' '.repeat(subjectWidth - displayWidth(subject));
    const wrapped = wrapText(plainText(finding), Math.max(room, leastFindingColumns));
    return `${marks[state]} ${style.bold(subject)}${padding}  ${wrapped.join(`\n${' '.repeat(subjectWidth + 4)}`)}`;
  });
  return [style.dim(`  ${'CHECK'.padEnd(subjectWidth)}  FINDING`), ...lines].join('\n');
}
