import { createHash } from 'node:crypto';
import { type Digest, ScanVerdict, type SerializationFormat, digestOfHex } from '@holdfast/domain';
import { inspectPath } from '@holdfast/registry';
import { fileSource } from '@holdfast/storage';
import type { CommandContext } from '../../command/command-context.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import type { Inspected } from './inspected.ts';

export interface InspectLocalOptions {
  readonly isFolder: boolean;
  /** The format to hold the bytes to. */
  readonly format: SerializationFormat | undefined;
  readonly context: CommandContext;
}

/** Looks into a file or folder of the user's, as `put` does. */
export async function inspectLocal(path: string, options: InspectLocalOptions): Promise<Inspected> {
  const { isFolder, format, context } = options;
  const inspection = await inspectPath(path, { format, signal: context.signal });
  const { fileCount } = inspection.summary;
  return {
    subject: path,
    kind: isFolder ? 'folder' : 'file',
    format: inspection.format,
    ...(isFolder ? {} : { digest: await hashFile(path, context) }),
    sizeBytes: inspection.sizeBytes,
    fileCount: isFolder && typeof fileCount === 'number' ? fileCount : 1,
    verdict: ScanVerdict.Unscanned,
    inspection,
  };
}

async function hashFile(path: string, { output, signal }: CommandContext): Promise<Digest> {
  const { sizeBytes, open } = await fileSource(path);
  using meter = new TransferMeter('Hashing', output);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of open()) {
    signal.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.byteLength;
    meter.onProgress({ phase: 'hash', bytes, totalBytes: sizeBytes });
  }
  return digestOfHex(hash.digest('hex'));
}
