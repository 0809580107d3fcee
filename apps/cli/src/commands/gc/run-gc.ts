import type { CollectOptions, CollectedItem, RecoveredTarget } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { storeOf } from '../../command/store-option.ts';
import { CommandError } from '../../failure/command-error.ts';
import type { Output } from '../../output/output.ts';
import { recoveredSentence } from '../../output/print-recovered.ts';
import { printSize } from '../../output/print-size.ts';

interface Tally {
  itemCount: number;
  sizeBytes: number;
}

/** Deletes what no version needs, or says what would go. */
export const runGc: CommandHandler = async (invocation, context) => {
  const { output } = context;
  const isDryRun = invocation.isSet('dryRun');
  const options = collectOptions(invocation, context);
  const removed: Tally = { itemCount: 0, sizeBytes: 0 };
  const app = await context.openApp({ usesReserve: true });
  for await (const item of (await app.collection()).collect(options)) {
    if (item.outcome === 'removed') count(item, removed);
    output.print(output.isJson ? JSON.stringify({ ...item, isDryRun }) : printItem(item, output, isDryRun));
  }
  const targets = await (await app.targets()).recover({ isDryRun });
  for (const target of targets) printTarget(target, output, isDryRun);
  if (removed.itemCount > 0 || targets.length === 0) conclude(removed, output, isDryRun);
};

function collectOptions(invocation: Invocation, context: CommandContext): CollectOptions {
  const grace = invocation.text('grace');
  if (grace !== undefined && grace !== '0') throw otherGrace(grace);
  const store = storeOf(invocation);
  return {
    isDryRun: invocation.isSet('dryRun'),
    areLeasesIgnored: grace === '0',
    isAlone: invocation.isSet('alone'),
    signal: context.signal,
    store,
  };
}

function otherGrace(grace: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `--grace must be 0 (got ${JSON.stringify(grace)}): nothing is ever deleted because of its age.`,
    hint: 'Leave it out to respect every running save, or pass --grace 0 if there is none.',
  });
}

function count(item: CollectedItem, tally: Tally): void {
  tally.itemCount += 1;
  tally.sizeBytes += item.sizeBytes;
}

function printItem(
  { outcome, storeName, name, sizeBytes, reason }: CollectedItem,
  { style }: Output,
  isDryRun: boolean,
): string {
  const verb = outcome === 'kept' ? style.dim('kept') : style.bold(isDryRun ? 'would be removed' : 'removed');
  const what = name === '' ? storeName : `${storeName}:${name} (${printSize(sizeBytes)})`;
  return `${verb}  ${what}: ${reason}`;
}

function printTarget(target: RecoveredTarget, output: Output, isDryRun: boolean): void {
  if (output.isJson) output.print(JSON.stringify({ ...target, isDryRun }));
  else output.print(recoveredSentence(target, isDryRun));
}

function conclude({ itemCount, sizeBytes }: Tally, output: Output, isDryRun: boolean): void {
  if (itemCount === 0) return output.say('Nothing to collect.');
  const items = `${itemCount} ${itemCount === 1 ? 'item' : 'items'}, ${printSize(sizeBytes)}`;
  output.say(isDryRun ? `${items} would be removed.` : `${output.messageStyle.good('✓')} ${items} removed.`);
}
