import type { FormatProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import type { ZipArchive } from './open-zip-archive.ts';
import type { ZipMember } from './zip-directory.ts';
import { zipError } from './zip-error.ts';

const localSignature = 0x0403_4b50;
const localHeaderBytes = 30;

/**
 * Reads the beginning of a member; `undefined` where it cannot be opened: encrypted, an unknown
 * compression, or deflated with no means to inflate.
 *
 * @throws FormatError when the member's own header contradicts the directory.
 */
export async function readZipMember(
  probe: FormatProbe,
  archive: ZipArchive,
  request: { readonly member: ZipMember; readonly limitBytes: number },
): Promise<Uint8Array | undefined> {
  const { member, limitBytes } = request;
  if (member.isEncrypted || !(member.method === 0 || (member.method === 8 && probe.inflate)))
    return undefined;
  const dataStart = await memberDataStart(probe, archive, member);
  if (member.method === 0) return probe.reader.read(dataStart, Math.min(limitBytes, member.storedBytes));
  const compressed = await probe.reader.read(dataStart, Math.min(limitBytes, member.storedBytes));
  try {
    return await probe.inflate?.(compressed, { encoding: 'deflate-raw', limitBytes });
  } catch (error) {
    const reason = `the data of ${JSON.stringify(member.path.slice(0, 80))} cannot be inflated`;
    throw new FormatError({ format: archive.format, offset: dataStart, reason, cause: error });
  }
}

/** Offset of a member's data. */
export async function memberDataStart(
  probe: FormatProbe,
  archive: ZipArchive,
  member: ZipMember,
): Promise<number> {
  const start = member.headerOffset;
  const bytes = await probe.reader.read(start, localHeaderBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = JSON.stringify(member.path.slice(0, 80));
  if (bytes.length < localHeaderBytes || view.getUint32(0, true) !== localSignature) {
    const offset = Math.min(start, probe.reader.sizeBytes);
    throw zipError(archive.format, `the header of ${name} is not where the directory says`, offset);
  }
  const nameBytes = view.getUint16(26, true);
  const path = new TextDecoder().decode(await probe.reader.read(start + localHeaderBytes, nameBytes));
  if (path !== member.path) {
    throw zipError(archive.format, `the header of ${name} contradicts the directory`, start);
  }
  return start + localHeaderBytes + nameBytes + view.getUint16(28, true);
}
