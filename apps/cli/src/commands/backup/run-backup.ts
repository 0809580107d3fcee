import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { shortDigest } from '@holdfast/domain';
import { undefinedIfAbsent, writeFileWhole } from '@holdfast/files';
import type { BackupSummary, OpenBackup, SkippedObject } from '@holdfast/registry';
import { assertFreeOfOwn } from '../../command/assert-free-of-own.ts';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { refuseSpecialFile } from '../../command/refuse-special-file.ts';
import { CommandError } from '../../failure/command-error.ts';
import { ExitCode } from '../../failure/exit-code.ts';
import { missingFolder } from '../../failure/missing-folder.ts';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printCount } from '../../output/print-count.ts';
import { printSize } from '../../output/print-size.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import { writeChunks } from '../../output/write-chunks.ts';
import { partialBackupPath } from './partial-backup.ts';
import { printContents } from './print-contents.ts';

/** What `backup --json` answers. */
interface BackupDocument {
  readonly path: string;
  readonly sizeBytes: number;
  readonly created: string;
  readonly contents: BackupSummary['contents'];
  readonly registryId: string;
  readonly modelCount: number;
  readonly versionCount: number;
  readonly aliasCount: number;
  readonly recordCounts: Readonly<Record<string, number>>;
  readonly objectCount: number;
  readonly objectBytes: number;
  readonly skipped: readonly SkippedObject[];
  readonly warnings: readonly string[];
}

/** A backup holds what the registry and its stores hold, so it is for those who may use the registry. */
const backupModes = { owner: 0o600, group: 0o640, everyone: 0o644 };

/** Writes a backup; exit code 6 when something damaged was left out. */
export const runBackup: CommandHandler = async (invocation, context) => {
  const name = invocation.argument(0);
  const path = name === '-' ? '-' : resolve(context.workingFolder, name);
  const isReplacing = invocation.isSet('force');
  if (path === '-') assertPipeable(context, isReplacing);
  else {
    await assertPlace(path, isReplacing);
    await assertFreeOfOwn(path, context);
  }
  const service = await (await context.openApp()).backup();
  const title = `Backing up to ${path === '-' ? 'standard output' : plainText(basename(path))}`;
  using meter = new TransferMeter(title, context.output);
  await using backup = await service.open({
    contents: invocation.isSet('registryOnly') ? 'registry' : 'registry and objects',
    skipDamaged: invocation.isSet('skipDamaged'),
    signal: context.signal,
    onProgress: meter.onProgress,
  });
  const sizeBytes = await write(backup, { path, isReplacing }, context);
  meter[Symbol.dispose]();
  return tell(backup, { path, sizeBytes }, context.output);
};

async function write(
  backup: OpenBackup,
  { path, isReplacing }: { readonly path: string; readonly isReplacing: boolean },
  { stdout, signal, loadConfiguration }: CommandContext,
): Promise<number> {
  let sizeBytes = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const chunk of backup.chunks()) {
      sizeBytes += chunk.byteLength;
      yield chunk;
    }
  }
  if (path === '-') await writeChunks(stdout, counted(), signal);
  else {
    const { configuration } = await loadConfiguration();
    const mode = backupModes[configuration.database.access ?? 'owner'];
    const temporaryPath = await partialBackupPath(path);
    await writeFileWhole(path, counted(), { overwrite: isReplacing, temporaryPath, mode });
  }
  return sizeBytes;
}

function assertPipeable({ output, stdout }: CommandContext, isForced: boolean): void {
  if (output.isJson) {
    throw new CommandError({
      code: 'wrong-use',
      message: 'Standard output cannot take the backup (-) and a JSON document at once.',
      hint: 'Leave out --json, or name a file.',
    });
  }
  if (stdout.isTTY !== true || isForced) return;
  throw new CommandError({
    code: 'wrong-use',
    message: 'The bytes of a backup would garble your terminal.',
    hint: 'Name a file, or use a pipe; --force writes them here all the same.',
  });
}

/** Found out before anything is read. */
async function assertPlace(path: string, isReplacing: boolean): Promise<void> {
  const [found, folder] = await Promise.all([path, dirname(path)].map(statIfThere));
  if (folder?.isDirectory() !== true) {
    throw missingFolder(dirname(path), 'Make it first, or name another path.');
  }
  if (found?.isDirectory() === true) {
    throw new CommandError({
      code: 'invalid-argument',
      message: `${path} is a folder, and a backup is one file.`,
      hint: `Name a file in it: ${path}/models.hfb`,
    });
  }
  refuseSpecialFile(path, found, 'Name a file, or - for standard output.');
  if (found === undefined || isReplacing) return;
  throw new CommandError({
    code: 'already-exists',
    message: `There is a file ${path} already.`,
    hint: 'Name another one, or replace it with --force.',
  });
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(undefinedIfAbsent);
}

function tell(
  backup: OpenBackup,
  written: Pick<BackupDocument, 'path' | 'sizeBytes'>,
  output: Output,
): ExitCode {
  const { skipped, warnings, summary } = backup;
  const { created, contents, registryId, modelCount, versionCount, objectCount, objectBytes } = summary;
  const { aliasCount, recordCounts = {} } = summary;
  const counts = { modelCount, versionCount, aliasCount, recordCounts, objectCount, objectBytes };
  const document: BackupDocument = {
    ...written,
    created,
    contents,
    registryId,
    ...counts,
    skipped,
    warnings,
  };
  if (written.path !== '-') output.answer(document, () => written.path);
  for (const warning of warnings) output.warn(warning);
  for (const { digest, affected, reason } of skipped)
    output.warn(
      `${affected.join(', ')} cannot be restored from it: ${shortDigest(digest)} is damaged. ${reason}`,
    );
  const objects =
    contents === 'registry'
      ? 'without its objects'
      : `${printCount(objectCount - skipped.length, 'object')} verified`;
  const versions = printContents(versionCount, recordCounts);
  output.say(
    `${output.messageStyle.good('✓')} ${versions}, ${objects}; the backup has ${printSize(written.sizeBytes)}.`,
  );
  return skipped.length === 0 ? ExitCode.Done : ExitCode.Damaged;
}
