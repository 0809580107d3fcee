import type { RebuildFinding, RebuiltRegistry } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import type { Output } from '../../output/output.ts';
import { ProgressDisplay } from '../../output/progress-display.ts';
import { backupSource } from '../restore/backup-source.ts';
import { confirmTakeOver } from '../restore/confirm-take-over.ts';

/** Makes a registry of what stores hold; exit code 6 when something of it is left out or damaged. */
export const runRegistryRebuild: CommandHandler = async (invocation, context) => {
  const name = invocation.text('backup');
  const backup = name === undefined ? undefined : await backupSource(name, context);
  const stores = [...new Set(invocation.argumentList(0))];
  const service = await (await context.openApp({ create: true })).rebuild();
  let examinedObjects = 0;
  using display = new ProgressDisplay(
    context.output,
    () => `Looking for manifests  ${examinedObjects} objects`,
  );
  const rebuild = (mayTakeOver: boolean): Promise<RebuiltRegistry> =>
    service.rebuild(stores, {
      mayTakeOver,
      mayTrustUntyped: invocation.isSet('trustUntyped'),
      signal: context.signal,
      onProgress: (count) => {
        examinedObjects = count;
      },
      ...(backup === undefined ? {} : { backup: backup.open }),
    });
  const report = await confirmTakeOver(rebuild, { invocation, context });
  display[Symbol.dispose]();
  context.output.answer(report, () =>
    report.findings.map((finding) => printFinding(finding, context.output)).join('\n'),
  );
  tell(report, context.output);
  const isWhole = report.findings.length === 0 && report.mendedStores.every(({ lost }) => lost.length === 0);
  return isWhole ? ExitCode.Done : ExitCode.Damaged;
};

function printFinding({ outcome, subject, storeName, reason }: RebuildFinding, { style }: Output): string {
  return `${style.bad(outcome)}  ${subject} in ${storeName}: ${reason}`;
}

function tell(report: RebuiltRegistry, output: Output): void {
  const { messageStyle: style } = output;
  for (const { storeName, fromSnapshot, fromBytes, lost } of report.mendedStores) {
    output.say(
      `${style.good('✓')} The store ${storeName} has its index again: ${fromSnapshot} records from its last copy, ${fromBytes} from the bytes themselves.`,
    );
    if (lost.length > 0)
      output.warn(
        `${lost.length === 1 ? 'An object' : `${lost.length} objects`} of the store ${storeName} ${lost.length === 1 ? 'is' : 'are'} lost: ${lost[0]}${lost.length === 1 ? '' : ', …'}`,
      );
    if (fromSnapshot === 0)
      output.warn(
        `There was no copy of the index: small objects in it are lost. Check the rest: holdfast verify`,
      );
  }
  if (!report.isRebuilt)
    return output.say('The registry exists, and was not changed. Check it: holdfast verify');
  if (report.isTakenOver) output.say('The registry replaced the lost one and took over its id.');
  const models = report.modelCount === 1 ? '1 model' : `${report.modelCount} models`;
  const versions = report.versionCount === 1 ? '1 version' : `${report.versionCount} versions`;
  output.say(`${style.good('✓')} ${models} with ${versions} were rebuilt.`);
  for (const sentence of report.notHad) output.warn(sentence);
}
