import { parseTags } from '@holdfast/domain';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { parsePairs } from '../../command/parse-pairs.ts';

/** Creates a run. */
export const runRunCreate: CommandHandler = async (invocation, context) => {
  const tags = parseTags(parsePairs(invocation.texts('tag'), 'tag'));
  const parameters = parsePairs(invocation.texts('param'), 'parameter');
  const tracking = await (await context.openApp()).tracking();
  const parent = invocation.text('parent');
  const run = await tracking.startRun(invocation.argument(0), {
    name: invocation.text('name'),
    parentId: parent === undefined ? undefined : (await tracking.resolveRun(parent)).id,
    parameters,
    tags,
  });
  context.output.answer(run, () => run.id);
};
