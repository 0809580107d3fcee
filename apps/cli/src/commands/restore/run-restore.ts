import type { RestoreReport, UnknownVersion } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { storeOf } from '../../command/store-option.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import type { Output } from '../../output/output.ts';
import { printSize } from '../../output/print-size.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import { printContents } from '../backup/print-contents.ts';
import { backupSource } from './backup-source.ts';
import { confirmTakeOver } from './confirm-take-over.ts';

/** Brings a backup back; exit code 6 when some objects are in neither the backup nor the stores. */
export const runRestore: CommandHandler = async (invocation, context) => {
  const source = await backupSource(invocation.argument(0), context);
  const store = storeOf(invocation);
  const service = await (await context.openApp({ create: true })).restore();
  using meter = new TransferMeter('Restoring', context.output);
  const restore = (mayTakeOver: boolean): Promise<RestoreReport> =>
    service.restore(source, {
      mayTakeOver,
      skipDamaged: invocation.isSet('skipDamaged'),
      signal: context.signal,
      onProgress: meter.onProgress,
      store,
    });
  const report = await confirmTakeOver(restore, { invocation, context });
  meter[Symbol.dispose]();
  tell(report, context.output);
  return report.missing.length === 0 ? ExitCode.Done : ExitCode.Damaged;
};

function tell({ summary, missing, isTakenOver, unknown, warnings }: RestoreReport, output: Output): void {
  const { created, contents, registryId, modelCount, versionCount, objectCount, objectBytes } = summary;
  const { aliasCount, recordCounts = {} } = summary;
  const counts = { modelCount, versionCount, aliasCount, recordCounts, objectCount, objectBytes };
  const document = {
    created,
    contents,
    registryId,
    ...counts,
    missing,
    isTakenOver,
    unknown: unknown.map(referenceOf),
  };
  output.answer(document, () => '');
  if (missing.length > 0) {
    const objects = missing.length === 1 ? '1 object is missing' : `${missing.length} objects are missing`;
    output.warn(`${objects}. Which versions need them: holdfast verify`);
  }
  for (const warning of warnings) output.warn(warning);
  if (unknown.length > 0) output.warn(newer(unknown));
  if (isTakenOver) output.say('This registry replaced the lost one.');
  const models = modelCount === 1 ? '1 model' : `${modelCount} models`;
  const versions = printContents(versionCount, recordCounts);
  output.say(
    `${output.messageStyle.good('✓')} ${models} with ${versions} and ${printSize(objectBytes)} are as they were on ${created}.`,
  );
}

function referenceOf({ storeName, name, number }: UnknownVersion): {
  readonly storeName: string;
  readonly reference: string;
} {
  return { storeName, reference: `${name}:${number}` };
}

/** Versions that would be lost to a collection, were it not to stop at them. */
function newer(unknown: readonly UnknownVersion[]): string {
  const named = unknown.slice(0, mostNamed).map((version) => referenceOf(version).reference);
  const others = unknown.length > mostNamed ? ` and ${unknown.length - mostNamed} more` : '';
  const stores = [...new Set(unknown.map(({ storeName }) => storeName))].join(' ');
  return `The store has versions that the backup does not have: ${named.join(', ')}${others}. Bring them back: holdfast registry adopt ${stores}`;
}

const mostNamed = 10;
