import type { ScanNote } from '../catalog/format-detection.ts';
import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { describeZipMembers } from '../zip/describe-zip-members.ts';
import { openZipArchive, type ZipArchive } from '../zip/open-zip-archive.ts';
import { memberDataStart, readZipMember } from '../zip/read-zip-member.ts';
import type { ZipMember } from '../zip/zip-directory.ts';
import { objectArrayScan, unknownTypeWarning } from './npy-handler.ts';
import { npzMemberHeader } from './npz-member.ts';
import { describeNpy, type NpyHeader } from './read-npy-header.ts';

const unopenedScan: ScanNote = {
  verdict: 'unscanned',
  reason: 'Arrays that were not opened may hold Python objects, which are stored as a pickle.',
};

/** Several NumPy arrays in a zip archive, `.npz`. */
export const npzHandler: FormatHandler = {
  format: 'numpy_archive',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const archive = await openZipArchive(probe);
    if (archive === undefined || archive.members.length === 0) return undefined;
    const arrayCount = archive.members.filter(({ path }) => path.endsWith('.npy')).length;
    const isNamedSo = probe.path?.toLowerCase().endsWith('.npz') === true;
    if (arrayCount < archive.members.length && !(isNamedSo && arrayCount > 0)) return undefined;
    const opened = await firstOpened(probe, archive);
    const all = arrayCount === archive.members.length ? 'all' : `${arrayCount} of them`;
    const evidence = [`A zip archive of ${archive.members.length} members, ${all} named .npy.`];
    if (opened === undefined) {
      return {
        evidence: [...evidence, 'Every member is compressed and was not opened.'],
        scan: unopenedScan,
      };
    }
    const note = 'The first that could be opened begins with the NumPy signature.';
    return { evidence: [...evidence, note], ...(opened.dtype.hasObjects ? { scan: objectArrayScan } : {}) };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const archive = await openZipArchive(probe);
    if (archive === undefined) return {};
    const tensors: TensorDescription[] = [];
    let hasObjects = false;
    for (const member of archive.members) {
      const header = await memberHeader(probe, archive, member);
      if (header === undefined) continue;
      hasObjects ||= header.dtype.hasObjects;
      if (header.dtype.isUnknown) probe.warn(unknownTypeWarning(header.dtype.text));
      tensors.push(await describeMember(probe, archive, { member, header }));
    }
    const unopenedCount = archive.members.length - tensors.length;
    return {
      summary: { arrayCount: archive.members.length, unopenedCount, hasObjects },
      tensors,
      members: describeZipMembers(archive.members),
      ...(hasObjects ? { scan: objectArrayScan } : unopenedCount > 0 ? { scan: unopenedScan } : {}),
      ...(unopenedCount === 0 ? {} : { warnings: [notOpened(unopenedCount)] }),
    };
  },
};

function notOpened(count: number): { code: string; message: string } {
  return {
    code: 'members-not-opened',
    message: `${count} members were not opened, or are not arrays: only their sizes are known.`,
  };
}

async function firstOpened(probe: FormatProbe, archive: ZipArchive): Promise<NpyHeader | undefined> {
  for (const member of archive.members.slice(0, 16)) {
    const header = await memberHeader(probe, archive, member);
    if (header !== undefined) return header;
  }
  return undefined;
}

/** The header of the array in a member; `undefined` where the member cannot be opened. */
async function memberHeader(
  probe: FormatProbe,
  archive: ZipArchive,
  member: ZipMember,
): Promise<NpyHeader | undefined> {
  const beginning = (limitBytes: number): Promise<Uint8Array | undefined> =>
    readZipMember(probe, archive, { member, limitBytes });
  try {
    return (await npzMemberHeader(beginning, member))?.header;
  } catch (error) {
    probe.limit(error);
    return undefined;
  }
}

async function describeMember(
  probe: FormatProbe,
  archive: ZipArchive,
  found: { readonly member: ZipMember; readonly header: NpyHeader },
): Promise<TensorDescription> {
  const { member, header } = found;
  const { byteRange, ...tensor } = describeNpy(member.path.slice(0, -'.npy'.length), header);
  if (byteRange === undefined || member.method !== 0) return tensor;
  const start = await memberDataStart(probe, archive, member);
  return { ...tensor, byteRange: { start: start + byteRange.start, end: start + byteRange.end } };
}
