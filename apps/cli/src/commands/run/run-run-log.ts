import type { CommandHandler } from '../../command/command-declaration.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { CommandError } from '../../failure/command-error.ts';
import { plainText } from '../../output/plain-text.ts';
import { parseMetricValue } from './parse-metric-value.ts';

/** Logs metrics and parameters of a run. */
export const runRunLog: CommandHandler = async (invocation, context) => {
  const step = parseStep(invocation.text('step'));
  const hint = 'Log each value with a command of its own; --step names its step.';
  const values = Object.entries(parsePairs(invocation.argumentList(1), 'metric', { hint }));
  const metrics = values.map(([key, value]) => ({ key, step, value: parseMetricValue(key, value) }));
  const parameters = parsePairs(invocation.texts('param'), 'parameter');
  const parameterCount = Object.keys(parameters).length;
  if (metrics.length === 0 && parameterCount === 0)
    throw new CommandError({
      code: 'wrong-use',
      message: 'There is nothing to log.',
      hint: 'Name metrics as name=value, or parameters with --param name=value.',
    });
  const tracking = await (await context.openApp()).tracking();
  const { id } = await tracking.resolveRun(invocation.argument(0));
  if (parameterCount > 0) await tracking.logParameters(id, parameters);
  const points = metrics.length > 0 ? await tracking.logMetrics(id, metrics) : [];
  const { output } = context;
  const logged = points.map((point) => ({
    name: point.key,
    step: point.step,
    value: point.value,
  }));
  output.answer({ run: id, step, metricCount: metrics.length, parameterCount, metrics: logged }, () => '');
  const parts = [
    ...logged.map(({ name, value, step: at }) => `${plainText(name)}=${value} (step ${at})`),
    ...Object.entries(parameters).map(([name, value]) => `${plainText(name)}=${plainText(value)}`),
  ];
  output.say(`${output.messageStyle.good('✓')} Logged ${parts.join(', ')}.`);
};

function parseStep(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const step = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(step)) return step;
  throw new CommandError({
    code: 'invalid-value',
    message: `--step must be a whole number (got ${JSON.stringify(text)}).`,
    details: { field: '--step', value: text },
  });
}
