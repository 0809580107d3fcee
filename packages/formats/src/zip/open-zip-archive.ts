import type { SerializationFormat } from '@holdfast/domain';
import type { FormatProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { readZipDirectory, type ZipMember } from './zip-directory.ts';

const localSignature = 0x0403_4b50;
const localHeaderBytes = 30;
const emptyArchive = [0x50, 0x4b, 0x05, 0x06];

/** A zip archive whose directory was read and checked. */
export interface ZipArchive {
  readonly members: readonly ZipMember[];
  /** What the first member's name says that the archive is. */
  readonly format: SerializationFormat;
}

const archives = new WeakMap<BoundedReader, Promise<ZipArchive | undefined>>();

/**
 * Opens a file that begins like a zip archive; `undefined` for other content. An archive that is
 * broken is an error only where its first member tells which format it was meant to be; otherwise
 * it is noted, and `undefined`.
 */
export function openZipArchive(probe: FormatProbe): Promise<ZipArchive | undefined> {
  const archive = archives.get(probe.reader) ?? open(probe);
  archives.set(probe.reader, archive);
  return archive;
}

async function open(probe: FormatProbe): Promise<ZipArchive | undefined> {
  const head = await probe.reader.read(0, 4096);
  const isEmpty = emptyArchive.every((byte, index) => head[index] === byte);
  const firstPath = localPath(head);
  if (!isEmpty && firstPath === undefined) return undefined;
  const format = formatOf(firstPath ?? '');
  try {
    const { members, oddities } = await readZipDirectory(probe.reader, format);
    for (const oddity of oddities)
      probe.warn({ code: 'zip-oddity', message: `The zip archive is odd: ${oddity}.` });
    probe.note(`A zip archive of ${members.length} members.`);
    return { members, format };
  } catch (error) {
    if (!FormatError.isInstance(error) || format !== 'binary') throw error;
    probe.note(`The content begins like a zip archive, but at byte ${error.offset}: ${error.reason}.`);
    probe.suspect('The content begins like a zip archive that could not be opened.');
    return undefined;
  }
}

function localPath(head: Uint8Array): string | undefined {
  if (head.length < localHeaderBytes) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== localSignature) return undefined;
  return new TextDecoder().decode(
    head.subarray(localHeaderBytes, localHeaderBytes + view.getUint16(26, true)),
  );
}

function formatOf(firstPath: string): SerializationFormat {
  if (firstPath.endsWith('.npy')) return 'numpy_archive';
  if (/^[^/]+\/(?:data\.pkl|version|byteorder|\.format_version)$/.test(firstPath))
    return 'pytorch_state_dict';
  return 'binary';
}
