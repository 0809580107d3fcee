import type { RetiredObject } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { CommandError } from '../../failure/command-error.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import { LateFailure } from '../../failure/late-failure.ts';
import { printSize } from '../../output/print-size.ts';
import { ProgressDisplay } from '../../output/progress-display.ts';

/** What became of the objects so far. */
class RetirementTally {
  readonly counts: Record<RetiredObject['outcome'], number> = { kept: 0, copied: 0, lost: 0, failed: 0 };
  readonly affected = new Set<string>();
  sentBytes = 0;

  count({ outcome, affected = [] }: RetiredObject): void {
    this.counts[outcome]++;
    for (const reference of affected) this.affected.add(reference);
  }

  get line(): string {
    const { kept, copied, failed } = this.counts;
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    return `${kept} safe elsewhere, ${copied} copied (${printSize(this.sentBytes)})${failures}`;
  }
}

/** Takes a store out of use; ends with 6 when something that a version needs is safe nowhere else. */
export const runStoreRetire: CommandHandler = async (invocation, context) => {
  const name = invocation.argument(0);
  if (invocation.isSet('undo')) return undo(name, context);
  if (invocation.isSet('lost') && !invocation.isSet('yes')) throw unconfirmed(name);
  const tally = new RetirementTally();
  const isDryRun = invocation.isSet('dryRun');
  const service = await (await context.openApp()).retirement();
  using _display = new ProgressDisplay(context.output, () => `Retiring ${name}  ${tally.line}`);
  try {
    for await (const object of service.retire(name, retireOptions(invocation, context, tally))) {
      tally.count(object);
      tell(object, context, isDryRun);
    }
  } catch (error) {
    const isClosed = !isDryRun && (await service.list()).some(({ storeName }) => storeName === name);
    throw isClosed ? new LateFailure(unfinished(name), error) : error;
  }
  return conclude(name, tally, { context, isDryRun });
};

async function undo(name: string, context: CommandContext): Promise<void> {
  await (await (await context.openApp()).retirement()).undo(name);
  context.output.answer({ store: name, state: 'in use' }, () => name);
  context.output.say(
    `${context.output.messageStyle.good('✓')} The store ${name} takes objects again. What was forgotten is registered again by a mirror into it.`,
  );
}

function retireOptions(invocation: Invocation, { signal }: CommandContext, tally: RetirementTally) {
  return {
    to: invocation.text('to'),
    isDryRun: invocation.isSet('dryRun'),
    isLost: invocation.isSet('lost'),
    onBytes: (bytes: number): void => void (tally.sentBytes += bytes),
    signal,
  };
}

function tell(object: RetiredObject, { output }: CommandContext, isDryRun: boolean): void {
  if (output.isJson) return output.print(JSON.stringify({ ...object, isDryRun }));
  const { key, sizeBytes, outcome, storeName, reason, affected = [] } = object;
  if (outcome === 'failed' || outcome === 'lost') {
    const needed = affected.length === 0 ? '' : ` (${affected.join(', ')})`;
    output.complain(
      `${output.messageStyle.bad(outcome)}  ${key}${needed}${reason === undefined ? '' : `: ${reason}`}`,
    );
  } else if (isDryRun && outcome === 'copied') {
    output.print(
      `${output.style.bold('would be copied')}  ${key} (${printSize(sizeBytes)}) to ${storeName ?? ''}`,
    );
  }
}

function conclude(
  name: string,
  { counts, affected }: RetirementTally,
  { context: { output }, isDryRun }: { readonly context: CommandContext; readonly isDryRun: boolean },
): ExitCode {
  const { kept, copied, lost, failed } = counts;
  const all = kept + copied + lost + failed;
  const objects = `${all} ${all === 1 ? 'object' : 'objects'}`;
  if (isDryRun) {
    output.say(`${objects}: ${kept} safe elsewhere, ${copied} would be copied.`);
    return failed === 0 ? ExitCode.Done : ExitCode.Damaged;
  }
  if (failed === 0) {
    const given = lost === 0 ? '' : `, ${lost} lost (${[...affected].join(', ')})`;
    const facts = `${objects}: ${kept} safe elsewhere, ${copied} copied${given}`;
    output.say(
      `${output.messageStyle.good('✓')} The store ${name} is retired (${facts}). Its bytes are where they were.`,
    );
    return ExitCode.Done;
  }
  if (!output.isJson) {
    output.complain(`${failed} of ${objects} could not be brought elsewhere: ${unfinished(name)}`);
    output.complain(
      `  → Repair them (holdfast verify), put the same files again into another store, or give them up: holdfast store retire ${name} --lost --yes`,
    );
  }
  return ExitCode.Damaged;
}

function unfinished(name: string): string {
  return `The store ${name} takes no more objects, and keeps those that it has. Start the same command again to go on, or take it back with --undo.`;
}

function unconfirmed(name: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `--lost gives up every object that only the store ${name} had.`,
    hint: 'Add --yes when its bytes are gone for good.',
  });
}
