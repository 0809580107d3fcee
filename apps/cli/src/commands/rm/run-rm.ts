import { type ModelReference, type ModelVersion, parseModelReference } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { confirmRemoval } from '../../command/confirm.ts';
import { CommandError } from '../../failure/command-error.ts';
import { printReference } from '../../output/print-reference.ts';
import { printSize } from '../../output/print-size.ts';

/** Removes a version or a whole model, after the user said yes. */
export const runRm: CommandHandler = async (invocation, context) => {
  const reference = parseModelReference(invocation.argument(0));
  const isAll = invocation.isSet('all');
  assertClear(reference, isAll);
  const models = await (await context.openApp({ usesReserve: true })).models();
  const condemned = isAll ? await models.listVersions(reference.name) : [await models.findVersion(reference)];
  const subject = isAll ? `the model ${reference.name}` : printReference(condemned[0] as ModelVersion);
  if (!invocation.isSet('yes')) await confirmRemoval(`Remove ${subject} (${facts(condemned)})?`, context);
  await remove(models, { reference, isAll, subject }, context);
};

interface Removal {
  readonly reference: ModelReference;
  readonly isAll: boolean;
  readonly subject: string;
}

async function remove(
  models: ModelManagementService,
  { reference, isAll, subject }: Removal,
  { output }: CommandContext,
): Promise<void> {
  const { versions, reclaimed, warnings } = isAll
    ? await models.deleteModel(reference.name)
    : await models.deleteVersion(reference);
  const removed = versions.map(printReference);
  output.answer({ removed, reclaimed }, () => removed.join('\n'));
  for (const warning of warnings) output.warn(warning);
  const bytes =
    reclaimed.length === 0
      ? 'the bytes stay: other versions need them, or their store cannot be cleaned (see holdfast gc --dry-run)'
      : `${reclaimed.length} stored ${reclaimed.length === 1 ? 'object' : 'objects'} went with it`;
  output.say(`${output.messageStyle.good('✓')} Removed ${subject}; ${bytes}.`);
}

/** A bare name means the newest version elsewhere: too easily typed for something that cannot be undone. */
function assertClear(reference: ModelReference, isAll: boolean): void {
  if (isAll === (reference.kind === 'latest')) return;
  throw new CommandError({
    code: 'wrong-use',
    message: isAll
      ? '--all removes a whole model, and a single version was named.'
      : 'A version to remove must be named by its number.',
    hint: `Write ${reference.name}:NUMBER for one version, or ${reference.name} --all for the model.`,
  });
}

function facts(versions: readonly ModelVersion[]): string {
  const sizeBytes = versions.reduce((sum, version) => sum + version.totalSizeBytes, 0);
  const count = versions.length === 1 ? '1 version' : `${versions.length} versions`;
  return `${count}, ${printSize(sizeBytes)}`;
}
