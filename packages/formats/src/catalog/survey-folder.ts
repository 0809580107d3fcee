import { FormatError } from '../format-error.ts';
import { warnOfMissingShards } from '../huggingface/warn-of-missing-shards.ts';
import { warnOfExternalFiles } from '../onnx/warn-of-external-files.ts';
import { isNamedLikeWeights } from './expected-formats.ts';
import type { InspectingFolderProbe } from './folder-probe.ts';
import type { ScanNote } from './format-detection.ts';
import type { FormatInspection } from './format-inspection.ts';
import { placeholderOf } from './placeholder-of.ts';

const mostFiles = 10_000;
/** First bytes of containers that may hold pickles: a pickle from protocol 2 on, zip, gzip, zlib, bzip2, xz, lz4, zstd. */
const containerBytes: ReadonlySet<number> = new Set([0x80, 0x50, 0x1f, 0x78, 0x42, 0xfd, 0x04, 0x28, 0x5a]);

/**
 * Looks at every file of a folder, whatever the folder is: what can hold code, what is a placeholder
 * or damaged, and what a file names that is not there. Names of weights are looked at first.
 */
export async function surveyFolder(probe: InspectingFolderProbe): Promise<{ readonly scan?: ScanNote }> {
  const paths = probe.entries.map(({ path }) => path);
  const ordered = [...paths.filter(isNamedLikeWeights), ...paths.filter((path) => !isNamedLikeWeights(path))];
  const suspects: (readonly [string, ScanNote])[] = [];
  try {
    await warnOfMissingShards(probe);
    for (const path of ordered.slice(0, mostFiles)) {
      const inspection = await look(probe, path);
      if (inspection?.scan !== undefined) suspects.push([path, inspection.scan]);
      if (inspection?.format === 'onnx') await warnOfExternalFiles(probe, path, inspection);
    }
    if (ordered.length > mostFiles) warnOfRest(probe, ordered.length - mostFiles);
  } catch (error) {
    probe.limit(error);
  }
  const [first] = suspects;
  if (first === undefined) return {};
  const [path, { verdict, reason }] = first;
  const others =
    suspects.length === 1
      ? ''
      : suspects.length === 2
        ? ' 1 more file can hold code too.'
        : ` ${suspects.length - 1} more files can hold code too.`;
  return { scan: { verdict, reason: `${path}: ${reason}${others}` } };
}

/** What one file is; a file that is no weights by its name is only opened where its first byte is that of a container. */
async function look(probe: InspectingFolderProbe, path: string): Promise<FormatInspection | undefined> {
  const reader = await probe.reader(path);
  if (!isNamedLikeWeights(path)) {
    const [first] = await reader.read(0, 1);
    const placeholder = await placeholderOf(reader, path);
    if (placeholder !== undefined) probe.warn({ code: 'placeholder', message: `${path} ${placeholder}.` });
    if (first === undefined || !containerBytes.has(first)) return undefined;
  }
  try {
    const inspection = await probe.inspect(path);
    for (const { code, message } of inspection.warnings ?? [])
      if (code === 'placeholder' || code === 'name-contradicts-content' || code === 'over-protobuf-limit')
        probe.warn({ code, message: inFolder(path, message) });
    return inspection;
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    probe.warn({
      code: 'file-damaged',
      message: `${path} is damaged: ${error.reason} at byte ${error.offset}.`,
    });
    return undefined;
  }
}

/** Names the file by its path within the folder. */
function inFolder(path: string, message: string): string {
  const name = path.split('/').at(-1) ?? path;
  return message.startsWith(`${name} `) ? `${path}${message.slice(name.length)}` : `${path}: ${message}`;
}

function warnOfRest(probe: InspectingFolderProbe, count: number): void {
  probe.warn({
    code: 'files-not-looked-at',
    message: `${count} of the files were not looked into and may hold code: ${mostFiles} are looked at.`,
  });
}
