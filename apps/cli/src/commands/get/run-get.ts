import type { App } from '@holdfast/composition';
import { type ModelVersion, shortDigest } from '@holdfast/domain';
import { assertFreeOfOwn } from '../../command/assert-free-of-own.ts';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { storeOf } from '../../command/store-option.ts';
import { CommandError } from '../../failure/command-error.ts';
import type { Output } from '../../output/output.ts';
import { recoveredSentence } from '../../output/print-recovered.ts';
import { printReference } from '../../output/print-reference.ts';
import { printSize } from '../../output/print-size.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import { writeChunks } from '../../output/write-chunks.ts';
import { chooseTarget } from './choose-target.ts';
import { CopyWarnings } from './copy-warnings.ts';

/** Writes a version to a path or to standard output. */
export const runGet: CommandHandler = async (invocation, context) => {
  const isPiped = invocation.text('output') === '-';
  if (isPiped) assertPipeable(context, invocation.isSet('force'));
  const app = await context.openApp();
  const version = await (await app.models()).findVersion(invocation.argument(0));
  using meter = new TransferMeter(`Reading ${printReference(version)}`, context.output);
  const persistence = await app.persistence();
  const warnings = new CopyWarnings(printReference(version));
  const { onTrouble } = warnings;
  const store = storeOf(invocation);
  const options = { store, signal: context.signal, onProgress: meter.onProgress, onTrouble };
  if (isPiped) {
    await writeChunks(context.stdout, persistence.read(version, options), context.signal);
    for (const sentence of warnings.sentences) context.output.warn(sentence);
    return;
  }
  const overwrite = invocation.isSet('force');
  await recoverTargets(app, context);
  const path = await chooseTarget(version, {
    output: invocation.text('output'),
    workingFolder: context.workingFolder,
    overwrite,
  });
  await assertFreeOfOwn(path, context);
  await persistence.loadToPath(version, path, { ...options, overwrite });
  for (const sentence of warnings.sentences) context.output.warn(sentence);
  tell(version, path, { output: context.output, warnings: warnings.sentences });
};

/** A folder that a killed command left without its successor is at its path again before anything looks there. */
async function recoverTargets(app: App, { output }: CommandContext): Promise<void> {
  for (const target of await (await app.targets()).recover()) output.warn(recoveredSentence(target, false));
}

function assertPipeable({ output, stdout }: CommandContext, isForced: boolean): void {
  if (output.isJson) {
    throw new CommandError({
      code: 'wrong-use',
      message: 'Standard output cannot take the bytes (-o -) and a JSON document at once.',
      hint: 'Leave out --json, or name a file.',
    });
  }
  if (stdout.isTTY !== true || isForced) return;
  throw new CommandError({
    code: 'wrong-use',
    message: 'The bytes of a model would garble your terminal.',
    hint: 'Name a file (-o FILE) or use a pipe; --force writes them here all the same.',
  });
}

function tell(
  version: ModelVersion,
  path: string,
  { output, warnings }: { readonly output: Output; readonly warnings: readonly string[] },
): void {
  const { storage, totalSizeBytes, fileCount } = version;
  const document = {
    reference: printReference(version),
    path,
    digest: storage.checksum,
    sizeBytes: totalSizeBytes,
    fileCount,
    warnings,
  };
  output.answer(document, () => path);
  const facts = `${printSize(totalSizeBytes)}, ${shortDigest(storage.checksum)}`;
  output.say(`${output.messageStyle.good('✓')} ${document.reference} was written and verified (${facts}).`);
}
