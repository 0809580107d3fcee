import type { FormatProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import { walkPickle } from '../pickle/pickle-walk.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import type { ZipArchive } from './open-zip-archive.ts';
import { readZipMember } from './read-zip-member.ts';
import type { ZipMember } from './zip-directory.ts';

const mostMembers = 1000;
const lookBytes = 4096;
const pickledName = /\.(?:pkl|pickle|joblib|pt|pth|cloudpickle|dill)$/i;
const highestProtocol = 5;

/**
 * Why an archive of no known format may hold code: the members that are pickles, or that could not
 * be opened. `undefined` where every member was looked at and none is one.
 */
export async function picklesInArchive(probe: FormatProbe, archive: ZipArchive): Promise<string | undefined> {
  const ordered = archive.members.toSorted(
    (a, b) => Number(pickledName.test(b.path)) - Number(pickledName.test(a.path)),
  );
  let unopenedCount = Math.max(0, ordered.length - mostMembers);
  for (const member of ordered.slice(0, mostMembers)) {
    const isPickle = await looksLikePickle(probe, archive, member);
    if (isPickle === true || (isPickle === undefined && pickledName.test(member.path))) {
      const name = JSON.stringify(member.path.slice(0, 80));
      return `The member ${name} of the zip archive is a pickle, which can run code when it is loaded.`;
    }
    if (isPickle === undefined) unopenedCount += 1;
  }
  return unopenedCount === 0
    ? undefined
    : `${unopenedCount} members of the zip archive were not looked into and may be pickles.`;
}

async function looksLikePickle(
  probe: FormatProbe,
  archive: ZipArchive,
  member: ZipMember,
): Promise<boolean | undefined> {
  if (member.sizeBytes === 0) return false;
  const bytes = await readZipMember(probe, archive, { member, limitBytes: lookBytes }).catch(
    undefinedIfBroken,
  );
  if (bytes === undefined) return undefined;
  const [first, protocol = 0] = bytes;
  if (first === 0x80 && protocol >= 2 && protocol <= highestProtocol) return true;
  if (!pickledName.test(member.path)) return false;
  const walk = await walkPickle(new BoundedReader(bytesSource(bytes)));
  return walk.outcome !== 'broken' && walk.opcodeCount > 2;
}

function undefinedIfBroken(error: unknown): undefined {
  if (!FormatError.isInstance(error)) throw error;
}
