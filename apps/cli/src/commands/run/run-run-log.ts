import type { CommandHandler } from '../../command/command-declaration.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { CommandError } from '../../failure/command-error.ts';
import { parseMetricValue } from './metric-value.ts';

/** Logs metrics and parameters of a run. */
export const runRunLog: CommandHandler = async (invocation, context) => {
  const id = invocation.argument(0);
  const step = parseStep(invocation.text('step') ?? '0');
  const values = Object.entries(parsePairs(invocation.argumentList(1), 'metric'));
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
  if (parameterCount > 0) await tracking.logParameters(id, parameters);
  if (metrics.length > 0) await tracking.logMetrics(id, metrics);
  const { output } = context;
  output.answer({ run: id, step, metricCount: metrics.length, parameterCount }, () => id);
};

function parseStep(text: string): number {
  const step = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(step)) return step;
  throw new CommandError({
    code: 'invalid-value',
    message: `--step must be a whole number (got ${JSON.stringify(text)}).`,
    details: { field: '--step', value: text },
  });
}
