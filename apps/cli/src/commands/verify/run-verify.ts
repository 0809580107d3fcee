import type { App } from '@holdfast/composition';
import { type Digest, shortDigest } from '@holdfast/domain';
import type { VerifiedObject } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import type { Output } from '../../output/output.ts';
import { printSize } from '../../output/print-size.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';

/** What `verify --json` answers. */
export interface VerifyDocument {
  readonly isIntact: boolean;
  readonly objectCount: number;
  readonly sizeBytes: number;
  /** What is damaged or missing. */
  readonly findings: readonly VerifiedObject[];
  /** Every version that needs something of it, as `NAME:NUMBER`. */
  readonly affected: readonly string[];
}

/** Re-reads what is stored; exit code 6 when something is not as it was saved. */
export const runVerify: CommandHandler = async (invocation, context) => {
  const app = await context.openApp();
  const document = await check(app, invocation.optionalArgument(0), context);
  const { output } = context;
  output.answer(document, () => document.findings.map((finding) => printFinding(finding, output)).join('\n'));
  conclude(document, output);
  return document.isIntact ? ExitCode.Done : ExitCode.Damaged;
};

async function check(
  app: App,
  version: string | undefined,
  context: CommandContext,
): Promise<VerifyDocument> {
  const totalBytes = version === undefined ? await registeredBytes(app) : await neededBytes(app, version);
  using meter = new TransferMeter(
    version === undefined ? 'Verifying' : `Verifying ${version}`,
    context.output,
  );
  const findings: VerifiedObject[] = [];
  let [objectCount, sizeBytes] = [0, 0];
  const objects = (await app.verification()).verify({
    signal: context.signal,
    ...(version === undefined ? {} : { version }),
    onProgress: ({ bytes }) => meter.onProgress({ phase: 'read', bytes: sizeBytes + bytes, totalBytes }),
  });
  for await (const object of objects) {
    objectCount += 1;
    sizeBytes += object.sizeBytes;
    if (object.state !== 'intact') findings.push(object);
  }
  const affected = [...new Set(findings.flatMap((finding) => finding.affected))].toSorted();
  return { isIntact: findings.length === 0, objectCount, sizeBytes, findings, affected };
}

async function registeredBytes(app: App): Promise<number> {
  const { items } = await (await app.registry()).repositories.objects.listLocations();
  return items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function neededBytes(app: App, reference: string): Promise<number> {
  const [models, registry] = await Promise.all([app.models(), app.registry()]);
  const { objects } = registry.repositories;
  const digests: readonly Digest[] = await objects.findReferences((await models.findVersion(reference)).id);
  const locations = await Promise.all(digests.map((digest) => objects.findLocations(digest)));
  return locations.flat().reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function printFinding(
  { state, digest, storeName, sizeBytes, affected }: VerifiedObject,
  { style }: Output,
): string {
  const needed = affected.length === 0 ? 'needed by no version' : `needed by ${affected.join(', ')}`;
  return `${style.bad(state)}  ${shortDigest(digest)}  ${printSize(sizeBytes)} in ${storeName}  ${needed}`;
}

function conclude(
  { isIntact, objectCount, sizeBytes, findings, affected }: VerifyDocument,
  output: Output,
): void {
  const { messageStyle: style } = output;
  const all = `${objectCount} ${objectCount === 1 ? 'object' : 'objects'}, ${printSize(sizeBytes)}`;
  if (isIntact) return output.say(`${style.good('✓')} ${all}: every byte is as it was saved.`);
  if (output.isJson) return;
  output.complain(
    `${style.bad('error:')} ${style.bold(`${findings.length} of ${all} ${findings.length === 1 ? 'is' : 'are'} not as saved.`)}`,
  );
  output.complain(
    `  ${affected.length === 0 ? 'No version needs them.' : `Affected: ${affected.join(', ')}`}`,
  );
  output.complain(`  ${style.accent('→')} Put the same files again: that writes the damaged objects anew.`);
}
