import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type SerializationFormat,
  parseModelReference,
  parseSerializationFormat,
  shortDigest,
} from '@holdfast/domain';
import { FormatError, isNamedLikeWeights } from '@holdfast/formats';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { refuseSpecialFile } from '../../command/refuse-special-file.ts';
import { CommandError } from '../../failure/command-error.ts';
import { printFields } from '../../output/fields.ts';
import { plainText } from '../../output/plain-text.ts';
import { inspectionSections, printPairs } from '../../output/print-inspection.ts';
import { printSections } from '../../output/print-sections.ts';
import { printSize } from '../../output/print-size.ts';
import { type Inspected, inspectVersion } from './inspected.ts';

/** Looks into a file, a folder or a saved version. */
export const runInspect: CommandHandler = async (invocation, context) => {
  const format = invocation.text('format');
  const found = await inspectSubject(
    invocation.argument(0),
    format === undefined ? undefined : parseSerializationFormat(format),
    context,
  );
  const inspected = invocation.isSet('values') ? await withValues(found, context) : found;
  const { output } = context;
  for (const { message } of inspected.inspection.warnings ?? []) output.warn(plainText(message));
  if (inspected.inspection.scan !== undefined) output.warn(plainText(inspected.inspection.scan.reason));
  output.answer(inspected, () => printInspected(inspected, context));
};

/** Adds the values of a file on this machine; of a saved version only what was found when it was saved is known. */
async function withValues(inspected: Inspected, { signal, output }: CommandContext): Promise<Inspected> {
  if (inspected.kind !== 'file') {
    throw new CommandError({
      code: 'unsupported',
      message: `Values are shown of files, and ${inspected.subject} is a ${inspected.kind}.`,
      hint: 'Write it to a file first: holdfast get',
    });
  }
  const { valuesOfFile } = await import('./values-of-file.ts');
  try {
    return { ...inspected, values: await valuesOfFile(inspected.subject, signal) };
  } catch (error) {
    if (!FormatError.isInstance(error) || !error.isUnsupported) throw error;
    output.warn(`${error.message}. ${error.hint ?? ''}`.trimEnd());
    return inspected;
  }
}

async function inspectSubject(
  subject: string,
  format: SerializationFormat | undefined,
  context: CommandContext,
): Promise<Inspected> {
  const path = resolve(context.workingFolder, subject);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return undefined;
  });
  refuseSpecialFile(path, found, 'Name a file, a folder or a version.');
  if (found !== undefined) {
    const { inspectLocal } = await import('./inspect-local.ts');
    return inspectLocal(path, { isFolder: found.isDirectory(), format, context });
  }
  if (!isReference(subject)) throw neither(subject);
  try {
    return await inspectVersion(await (await context.openApp()).models(), subject);
  } catch (error) {
    if (!isNotFound(error) || !isLikePath(subject)) throw error;
    throw noSuchFile(subject, error);
  }
}

function isReference(subject: string): boolean {
  try {
    parseModelReference(subject);
    return true;
  } catch {
    return false;
  }
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'not-found';
}

/** Whether people read a text as that of a path. */
function isLikePath(subject: string): boolean {
  return subject.includes('/') || subject.includes('\\') || isNamedLikeWeights(subject);
}

function noSuchFile(subject: string, cause: Error): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `There is no file named ${subject}, and no saved version: ${cause.message}`,
    hint: 'Check the path; a saved version is named NAME, NAME:NUMBER or NAME@ALIAS.',
    details: { path: subject },
    cause,
  });
}

function neither(subject: string): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `${subject} does not exist, and is not the name of a model.`,
    hint: 'Name a file, a folder, or NAME, NAME:NUMBER, NAME@ALIAS.',
    details: { path: subject },
  });
}

function printInspected(
  { subject, format, digest, sizeBytes, fileCount, verdict, inspection, values = [] }: Inspected,
  { output }: CommandContext,
): string {
  const { style } = output;
  const facts: readonly (readonly [string, string])[] = [
    ['format', format],
    [
      'size',
      `${printSize(sizeBytes)}${fileCount === 1 ? '' : ` in ${fileCount} files`} (${sizeBytes.toLocaleString('en')} bytes)`,
    ],
    ...(digest === undefined ? [] : ([['digest', `${digest} (${shortDigest(digest)})`]] as const)),
    ['scan', verdict],
    ['evidence', (inspection.evidence ?? []).map(plainText).join('\n')],
  ];
  return printSections(
    [
      {
        title: plainText(subject),
        body: printFields(
          facts.filter(([, value]) => value !== ''),
          { indent: '  ', paintName: style.dim },
        ),
      },
      ...inspectionSections(inspection),
      {
        title: 'Values',
        body: printPairs(
          values.map(({ name, type, values: shown, reason }) => [
            name,
            shown ?? `${type}, not shown: ${reason}`,
          ]),
        ),
      },
    ],
    style.bold,
  );
}
