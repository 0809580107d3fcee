import { type Tags, parseModelName, parseModelReference, parseTags } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { CommandError } from '../../failure/command-error.ts';
import { printFields } from '../../output/fields.ts';
import { plainText } from '../../output/plain-text.ts';
import { printReference } from '../../output/print-reference.ts';

interface TagChanges {
  readonly set: Tags;
  readonly remove: readonly string[];
}

interface Tagged {
  readonly subject: string;
  readonly tags: Tags;
}

/** Sets and removes tags. Without any change it only tells them. */
export const runTag: CommandHandler = async (invocation, context) => {
  const changes = {
    set: parseTags(parsePairs(invocation.argumentList(1), 'tag')),
    remove: invocation.texts('remove'),
  };
  assertClear(changes);
  const reference = invocation.argument(0);
  const isModel = invocation.isSet('model');
  if (isModel) parseModelName(reference);
  else parseModelReference(reference);
  const models = await (await context.openApp()).models();
  const { subject, tags } = await (isModel ? tagModel : tagVersion)(models, reference, changes);
  const { output } = context;
  output.answer({ subject, tags }, () =>
    printFields(
      Object.entries(tags).map(([key, value]) => [key, plainText(value)]),
      { paintName: output.style.bold },
    ),
  );
  if (Object.keys(tags).length === 0) output.say(`${subject} has no tags.`);
};

async function tagModel(models: ModelManagementService, name: string, changes: TagChanges): Promise<Tagged> {
  const model = isChange(changes) ? await models.tagModel(name, changes) : await models.findModel(name);
  return { subject: model.name, tags: model.tags };
}

async function tagVersion(
  models: ModelManagementService,
  reference: string,
  changes: TagChanges,
): Promise<Tagged> {
  const version = isChange(changes)
    ? await models.tagVersion(reference, changes)
    : await models.findVersion(reference);
  return { subject: printReference(version), tags: version.tags };
}

function assertClear({ set, remove }: TagChanges): void {
  const key = remove.find((one) => Object.hasOwn(set, one));
  if (key === undefined) return;
  throw new CommandError({
    code: 'wrong-use',
    message: `The tag ${key} is given as ${JSON.stringify(set[key])} and with --remove.`,
    hint: 'Leave out one of them.',
  });
}

function isChange({ set, remove }: TagChanges): boolean {
  return Object.keys(set).length > 0 || remove.length > 0;
}
