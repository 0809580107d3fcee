import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { walkPickle } from '../pickle/pickle-walk.ts';
import { pickleScan } from '../pickle/sight-pickle.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { describeZipMembers } from '../zip/describe-zip-members.ts';
import { openZipArchive, type ZipArchive } from '../zip/open-zip-archive.ts';
import { readZipMember } from '../zip/read-zip-member.ts';

/** The first pickle of a file as torch wrote them before 1.6: protocol 2, one number, the end. */
const legacyMagic = [
  0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];
/** Members of the tar archives of torch before 0.1.10. */
const tarMembers: ReadonlySet<string> = new Set(['sys_info', 'pickle', 'storages', 'tensors']);
const tarMagicOffset = 257;
const pickleMember = /^([^/]+)\/data\.pkl$/;
const pickleLookBytes = 1024 * 1024;
const longestTextBytes = 64;
const shownGlobals = 100;

type Container = 'zip' | 'legacy' | 'tar';

/**
 * A file of `torch.save`: a zip archive around `data.pkl`, or an older form. TorchScript archives,
 * which hold code as well, are among them and said to be such. Nothing is unpickled.
 *
 * @see https://pytorch.org/docs/stable/notes/serialization.html for the zip form
 */
export const pytorchHandler: FormatHandler = {
  format: 'pytorch_state_dict',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const container = await containerOf(probe);
    if (container === undefined) return undefined;
    if (container === 'legacy')
      return { evidence: ['The magic number of torch.save before version 1.6.'], scan: pickleScan };
    if (container === 'tar')
      return { evidence: ['A tar archive of torch.save before version 0.1.10.'], scan: pickleScan };
    const archive = await openZipArchive(probe);
    const root = archive && rootOf(archive);
    const evidence = [`A zip archive around ${root}/data.pkl, as torch.save writes it.`];
    if (archive !== undefined && hasCode(archive)) evidence.push('It holds TorchScript code as well.');
    return { evidence, scan: pickleScan };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const container = await containerOf(probe);
    const archive = await openZipArchive(probe);
    if (container !== 'zip' || archive === undefined)
      return { summary: { container: container ?? 'unknown' }, scan: pickleScan };
    const root = rootOf(archive) ?? '';
    const storages = archive.members.filter(({ path }) => path.startsWith(`${root}/data/`));
    return {
      summary: {
        container,
        isTorchScript: hasCode(archive),
        byteOrder: await textOf(probe, archive, `${root}/byteorder`),
        formatVersion: await textOf(probe, archive, `${root}/version`),
        storageCount: storages.length,
        storageBytes: storages.reduce((total, member) => total + member.sizeBytes, 0),
        ...(await pickleFacts(probe, archive, `${root}/data.pkl`)),
      },
      members: describeZipMembers(archive.members),
      scan: pickleScan,
    };
  },
};

async function containerOf(probe: FormatProbe): Promise<Container | undefined> {
  const head = await probe.reader.read(0, 512);
  if (legacyMagic.every((byte, index) => head[index] === byte)) return 'legacy';
  const text = String.fromCharCode(...head);
  const firstName = text.slice(0, 100).replace(/\0.*$/s, '').replace(/^\.\//, '');
  if (text.startsWith('ustar', tarMagicOffset) && tarMembers.has(firstName.replace(/\/$/, ''))) return 'tar';
  const archive = await openZipArchive(probe);
  return archive !== undefined && rootOf(archive) !== undefined ? 'zip' : undefined;
}

function rootOf(archive: ZipArchive): string | undefined {
  for (const { path } of archive.members) {
    const root = pickleMember.exec(path)?.[1];
    if (root !== undefined) return root;
  }
  return undefined;
}

function hasCode(archive: ZipArchive): boolean {
  const root = rootOf(archive);
  return archive.members.some(
    ({ path }) => path.startsWith(`${root}/code/`) || path === `${root}/constants.pkl`,
  );
}

async function textOf(probe: FormatProbe, archive: ZipArchive, path: string): Promise<string | null> {
  const bytes = await contentOf(probe, archive, { path, limitBytes: longestTextBytes });
  return bytes === undefined ? null : new TextDecoder().decode(bytes).trim();
}

async function pickleFacts(
  probe: FormatProbe,
  archive: ZipArchive,
  path: string,
): Promise<{ protocol: number; globals: readonly string[] } | undefined> {
  const bytes = await contentOf(probe, archive, { path, limitBytes: pickleLookBytes });
  if (bytes === undefined) return undefined;
  const { protocol, globals } = await walkPickle(new BoundedReader(bytesSource(bytes)));
  return { protocol, globals: globals.slice(0, shownGlobals) };
}

async function contentOf(
  probe: FormatProbe,
  archive: ZipArchive,
  request: { readonly path: string; readonly limitBytes: number },
): Promise<Uint8Array | undefined> {
  const member = archive.members.find((candidate) => candidate.path === request.path);
  return member && readZipMember(probe, archive, { member, limitBytes: request.limitBytes });
}
