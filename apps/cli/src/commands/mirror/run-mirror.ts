import type { MirrorServiceRunOptions } from '@holdfast/registry';
import type { MirroredObject } from '@holdfast/storage';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { parseCount } from '../../command/parse-count.ts';
import { exitCodeOf } from '../../failure/failure-code.ts';
import { LateFailure } from '../../failure/late-failure.ts';
import type { Output } from '../../output/output.ts';
import { printCount } from '../../output/print-count.ts';
import { printSize } from '../../output/print-size.ts';
import { ProgressDisplay } from '../../output/progress-display.ts';
import { MirrorTotals } from './mirror-totals.ts';
import { moveOut } from './move-out.ts';

const unfinished = 'Not everything was mirrored; what was, is whole. Start the same command again to go on.';

/** How far it has come. */
class MirrorTally {
  readonly counts: Record<MirroredObject['outcome'], number> = {
    copied: 0,
    replaced: 0,
    unchanged: 0,
    failed: 0,
  };
  sentBytes = 0;
  /** Of what was copied or replaced, or would be. */
  newBytes = 0;
  firstFailure: MirroredObject['error'];

  get hasBegun(): boolean {
    return this.sentBytes > 0 || Object.values(this.counts).some((count) => count > 0);
  }

  count({ outcome, sizeBytes, error }: MirroredObject): void {
    this.counts[outcome]++;
    if (outcome === 'copied' || outcome === 'replaced') this.newBytes += sizeBytes;
    this.firstFailure ??= error;
  }

  lineOf(totals: MirrorTotals['counted']): string {
    const { copied, replaced, unchanged, failed } = this.counts;
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    const line = `${copied + replaced} copied (${printSize(this.sentBytes)}), ${unchanged} already exist${failures}`;
    if (totals === undefined) return line;
    const done = copied + replaced + unchanged + failed;
    return `${done} of ${printCount(totals.objectCount, 'object')}, ${printSize(totals.sizeBytes)} in all: ${line}`;
  }
}

/** Brings everything in a store into another one; ends as the first object that failed says. */
export const runMirror: CommandHandler = async (invocation, context) => {
  const { output } = context;
  const [from, to] = [invocation.argument(0), invocation.argument(1)];
  const tally = new MirrorTally();
  const options = mirrorOptions(invocation, context, tally);
  const isDryRun = options.isDryRun === true;
  const app = await context.openApp();
  using totals = new MirrorTotals();
  if (output.isTalkative) totals.count((await app.storage()).adapter(from), invocation.text('prefix'));
  using _display = new ProgressDisplay(
    output,
    () => `Mirroring ${from} to ${to}  ${tally.lineOf(totals.counted)}`,
  );
  const mirroring = await app.mirroring();
  try {
    for await (const object of mirroring.mirror(from, to, options)) {
      tally.count(object);
      tell(object, output, isDryRun);
    }
  } catch (error) {
    const isStarted = tally.hasBegun || context.signal.aborted;
    throw isStarted && !isDryRun ? new LateFailure(unfinished, error) : error;
  }
  conclude(tally, output, isDryRun);
  if (tally.firstFailure !== undefined) return exitCodeOf(tally.firstFailure.code);
  if (invocation.isSet('move')) await moveOut(app, { from, to }, context);
  return undefined;
};

function mirrorOptions(
  invocation: Invocation,
  context: CommandContext,
  tally: MirrorTally,
): MirrorServiceRunOptions {
  const [prefix, atOnce] = [invocation.text('prefix'), invocation.text('atOnce')];
  return {
    isDryRun: invocation.isSet('dryRun'),
    isRefill: invocation.isSet('refill'),
    metadata: invocation.isSet('dropMetadata') ? 'drop' : 'keep',
    signal: context.signal,
    onBytes: (bytes) => void (tally.sentBytes += bytes),
    prefix,
    ...(atOnce === undefined ? {} : { atOnce: parseCount(atOnce, { what: '--at-once', least: 1 }) }),
  };
}

function tell(object: MirroredObject, output: Output, isDryRun: boolean): void {
  const { key, sizeBytes, outcome, error } = object;
  if (output.isJson) {
    const failure =
      error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint } };
    return output.print(JSON.stringify({ key, sizeBytes, outcome, isDryRun, ...failure }));
  }
  const { style, messageStyle } = output;
  if (error !== undefined) output.complain(`${messageStyle.bad('failed')}  ${key}: ${error.message}`);
  else if (isDryRun && outcome !== 'unchanged')
    output.print(`${style.bold(`would be ${outcome}`)}  ${key} (${printSize(sizeBytes)})`);
}

function conclude({ counts, newBytes }: MirrorTally, output: Output, isDryRun: boolean): void {
  const { copied, replaced, unchanged, failed } = counts;
  const all = copied + replaced + unchanged + failed;
  if (all === 0) return output.say('Nothing to mirror.');
  const sent = `${copied + replaced} of ${printCount(all, 'object')}, ${printSize(newBytes)}`;
  if (isDryRun) return output.say(`${sent} would be copied.`);
  const there =
    unchanged === 0 ? '' : `; ${unchanged} ${unchanged === 1 ? 'already exists' : 'already exist'}`;
  if (failed === 0) output.say(`${output.messageStyle.good('✓')} ${sent} copied${there}.`);
  else if (!output.isJson)
    output.complain(`${failed} of ${all} failed; ${copied + replaced} copied${there}.`);
}
