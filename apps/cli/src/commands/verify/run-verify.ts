import type { App } from '@holdfast/composition';
import { type UtcTimestamp, utcTimestamp } from '@holdfast/domain';
import { type VerifiedObject, VerifiedState, type VerifyOptions } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { storeOf } from '../../command/store-option.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import { LateFailure } from '../../failure/late-failure.ts';
import type { Output } from '../../output/output.ts';
import { printCount } from '../../output/print-count.ts';
import { printSize } from '../../output/print-size.ts';
import { printTime } from '../../output/print-time.ts';
import { assertOurs } from './assert-ours.ts';
import { journalPathOf } from './journal-path.ts';
import { parseAge } from './parse-age.ts';
import { printFindings } from './print-findings.ts';
import { VerificationMeter } from './verification-meter.ts';
import { type VerifyDocument, affectedBy, remaining } from './verify-document.ts';

/** What a verification has told so far. */
interface Tally {
  objectCount: number;
  totalCount: number;
  sizeBytes: number;
  totalBytes: number;
  resumedFrom: UtcTimestamp | undefined;
  readonly findings: VerifiedObject[];
}

/** Re-reads what is stored; exit code 6 when something is not as it was saved. */
export const runVerify: CommandHandler = async (invocation, context) => {
  const { configuration } = await context.loadConfiguration();
  const app = await context.openApp();
  const journalPath = await journalPathOf(configuration.database.url, app, context);
  const options = {
    ...verifyOptions(invocation),
    ...(journalPath === undefined ? {} : { journalPath }),
  };
  const tally: Tally = {
    objectCount: 0,
    totalCount: 0,
    sizeBytes: 0,
    totalBytes: 0,
    resumedFrom: undefined,
    findings: [],
  };
  try {
    await check(app, options, { context, tally });
  } catch (error) {
    if (tally.totalCount === 0) throw error;
    answer(toDocument(tally, false), context.output);
    throw new LateFailure(sayHowFar(tally), error, { objectCount: tally.objectCount });
  }
  if (tally.totalCount === 0) await assertOurs(app, context);
  const document = toDocument(tally, true);
  answer(document, context.output);
  conclude(document, context.output);
  return document.isIntact ? ExitCode.Done : ExitCode.Damaged;
};

function verifyOptions(invocation: Invocation) {
  const version = invocation.optionalArgument(0);
  const store = storeOf(invocation);
  const repairFrom = invocation.text('repairFrom');
  const age = invocation.text('notVerifiedSince');
  const notVerifiedSince =
    age === undefined ? undefined : utcTimestamp(Date.now() - parseAge(age, '--not-verified-since'));
  return {
    resume: invocation.isSet('resume'),
    ...(invocation.isSet('repairRecords') ? { repairRecords: true } : {}),
    ...(version === undefined ? {} : { version }),
    ...(store === undefined ? {} : { store }),
    ...(repairFrom === undefined ? {} : { repairFrom }),
    ...(notVerifiedSince === undefined ? {} : { notVerifiedSince }),
  };
}

async function check(
  app: App,
  options: VerifyOptions & { readonly version?: string },
  { context, tally }: { readonly context: CommandContext; readonly tally: Tally },
): Promise<void> {
  const { version } = options;
  const { output, signal } = context;
  const title = version === undefined ? 'Verifying' : `Verifying ${version}`;
  using meter = new VerificationMeter(title, output);
  const objects = (await app.verification()).verify({
    ...options,
    signal,
    onBegin: ({ resumedFrom, objectCount, sizeBytes }) => {
      Object.assign(tally, { resumedFrom, objectCount, sizeBytes });
      meter.begin(sizeBytes);
      sayHowItBegins(options, tally, output);
    },
    onProgress: (progress) => {
      const { objectCount, totalCount, bytes, totalBytes } = progress;
      Object.assign(tally, { objectCount, totalCount, sizeBytes: bytes, totalBytes });
      meter.show(progress);
    },
  });
  for await (const object of objects) {
    if (object.state !== VerifiedState.Intact) tally.findings.push(object);
  }
}

function sayHowItBegins(
  { resume }: VerifyOptions,
  { resumedFrom, objectCount }: Tally,
  output: Output,
): void {
  if (resume !== true) return;
  if (resumedFrom === undefined)
    return output.say('There is no run to continue: this one starts from the beginning.');
  output.say(
    `Going on with the run of ${printTime(resumedFrom)}, after ${printCount(objectCount, 'object')}.`,
  );
}

function toDocument(tally: Tally, isComplete: boolean): VerifyDocument {
  const { objectCount, sizeBytes, resumedFrom, findings } = tally;
  const left = remaining(findings);
  return {
    isComplete,
    isIntact: isComplete && left.length === 0,
    objectCount,
    sizeBytes,
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
    findings,
    affected: affectedBy(left),
  };
}

function answer(document: VerifyDocument, output: Output): void {
  output.answer(document, () => printFindings(document.findings, output));
}

function sayHowFar({ objectCount, totalCount, sizeBytes, totalBytes, findings }: Tally): string {
  const left = remaining(findings).length;
  const damage = left === 0 ? 'no damage so far' : `${left} not as saved`;
  return (
    `Stopped after ${objectCount} of ${printCount(totalCount, 'object')}, ${printSize(sizeBytes)} of ${printSize(totalBytes)}: ${damage}. ` +
    'holdfast verify --resume goes on from there.'
  );
}

function conclude(document: VerifyDocument, output: Output): void {
  const { isIntact, objectCount, sizeBytes, findings, affected } = document;
  const { messageStyle: style } = output;
  const size = printSize(sizeBytes);
  const [records, objects] = partition(findings, ({ record }) => record !== undefined);
  const repaired = objects.length - remaining(objects).length;
  if (repaired > 0)
    output.say(`${style.good('✓')} ${printCount(repaired, 'object')} repaired, read again, and intact.`);
  const repairedRecords = records.length - remaining(records).length;
  if (repairedRecords > 0)
    output.say(
      `${style.good('✓')} ${printCount(repairedRecords, 'record')} of the registry repaired from manifests.`,
    );
  if (isIntact)
    return output.say(
      `${style.good('✓')} ${printCount(objectCount, 'object')}, ${size}: every byte is as it was saved.`,
    );
  if (output.isJson) return;
  output.complain(`${style.bad('error:')} ${style.bold(`${whatIsWrong(document).join(', ')}.`)}`);
  const needed =
    affected.length === 0 ? 'No version needs what is damaged.' : `Affected: ${affected.join(', ')}`;
  output.complain(`  ${needed}`);
}

/** Damage, and apart from it what could not be read, which may well be intact. */
function whatIsWrong({ findings, objectCount, sizeBytes }: VerifyDocument): readonly string[] {
  const [records, objects] = partition(remaining(findings), ({ record }) => record !== undefined);
  const [unreadable, damaged] = partition(objects, ({ state }) => state === VerifiedState.Unreadable);
  const all = `${printCount(objectCount, 'object')} (${printSize(sizeBytes)})`;
  const part = damaged.length > objectCount ? 'copies of' : 'of';
  return [
    ...(records.length === 0
      ? []
      : [`${printCount(records.length, 'record')} of the registry ${areOrIs(records)} not as written`]),
    ...(damaged.length === 0 ? [] : [`${damaged.length} ${part} ${all} ${areOrIs(damaged)} not as saved`]),
    ...(unreadable.length === 0 ? [] : [`${whatWasUnreadable(unreadable)} could not be read`]),
  ];
}

/** A store that does not answer is found once, whatever is in it. */
function whatWasUnreadable(findings: readonly VerifiedObject[]): string {
  const [stores, objects] = partition(
    findings,
    ({ key, digest }) => key === undefined && digest === undefined,
  );
  return [
    ...(stores.length === 0 ? [] : [printCount(stores.length, 'store')]),
    ...(objects.length === 0 ? [] : [printCount(objects.length, 'object')]),
  ].join(' and ');
}

function areOrIs({ length }: readonly unknown[]): string {
  return length === 1 ? 'is' : 'are';
}

function partition<T>(
  items: readonly T[],
  belongs: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
