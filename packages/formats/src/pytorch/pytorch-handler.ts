import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { FormatError } from '../format-error.ts';
import { walkPickle } from '../pickle/pickle-walk.ts';
import { pickleScan } from '../pickle/sight-pickle.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { describeZipMembers } from '../zip/describe-zip-members.ts';
import { openZipArchive, type ZipArchive } from '../zip/open-zip-archive.ts';
import { readZipMember } from '../zip/read-zip-member.ts';
import { legacyMagic } from './read-torch-legacy.ts';
import { beginsLikeTorchTar } from './read-torch-tar.ts';
import { mostInflatedPickleBytes } from './read-torch-zip.ts';
import { openTorch } from './read-torch.ts';
import type { TorchTensor } from './torch-value.ts';

const pickleMember = /^([^/]+)\/data\.pkl$/;
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
    const container = (await containerOf(probe)) ?? 'unknown';
    const content = await contentFacts(probe);
    const archive = container === 'zip' ? await openZipArchive(probe) : undefined;
    if (archive === undefined)
      return { ...content, summary: { container, ...content.summary }, scan: pickleScan };
    const root = rootOf(archive) ?? '';
    const storages = archive.members.filter(({ path }) => path.startsWith(`${root}/data/`));
    return {
      ...content,
      summary: {
        container,
        isTorchScript: hasCode(archive),
        byteOrder: await textOf(probe, archive, `${root}/byteorder`),
        formatVersion: await textOf(probe, archive, `${root}/version`),
        storageCount: storages.length,
        storageBytes: storages.reduce((total, member) => total + member.sizeBytes, 0),
        ...content.summary,
      },
      members: describeZipMembers(archive.members),
      scan: pickleScan,
    };
  },
};

/** The tensors, with objects of unknown classes passed over; where the pickle makes no sense, the names that it imports. */
async function contentFacts(
  probe: FormatProbe,
): Promise<Pick<InspectionFacts, 'summary' | 'tensors' | 'warnings'>> {
  try {
    const { tensors, globals, protocol } = await openTorch(probe.reader, {
      inflate: probe.inflate,
      unknownGlobals: 'keep',
    });
    const summary = { protocol, globals: globals.slice(0, shownGlobals), tensorCount: tensors.length };
    return { summary, tensors: tensors.map(describeTensor) };
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    const warning = { code: 'tensors-not-listed', message: `The tensors are not listed: ${error.reason}.` };
    return { summary: await walkFacts(probe), warnings: [warning] };
  }
}

function describeTensor({
  name,
  dtype,
  typeText,
  shape,
  strides,
  sizeBytes,
  storage,
}: TorchTensor): TensorDescription {
  const described = { name, dtype: typeText, elementType: dtype, shape, strides, storage: storage.key };
  return sizeBytes === undefined ? described : { ...described, sizeBytes };
}

async function walkFacts(probe: FormatProbe): Promise<{ protocol: number; globals: readonly string[] }> {
  const archive = await openZipArchive(probe);
  const member = archive?.members.find(({ path }) => pickleMember.test(path));
  const limitBytes = Math.min(member?.sizeBytes ?? 0, mostInflatedPickleBytes);
  const bytes = archive && member && (await readZipMember(probe, archive, { member, limitBytes }));
  const reader = bytes === undefined ? probe.reader : new BoundedReader(bytesSource(bytes));
  const { protocol, globals } = await walkPickle(reader);
  return { protocol, globals: globals.slice(0, shownGlobals) };
}

async function containerOf(probe: FormatProbe): Promise<Container | undefined> {
  const head = await probe.reader.read(0, 512);
  if (legacyMagic.every((byte, index) => head[index] === byte)) return 'legacy';
  if (beginsLikeTorchTar(head)) return 'tar';
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

async function contentOf(
  probe: FormatProbe,
  archive: ZipArchive,
  request: { readonly path: string; readonly limitBytes: number },
): Promise<Uint8Array | undefined> {
  const member = archive.members.find((candidate) => candidate.path === request.path);
  return member && readZipMember(probe, archive, { member, limitBytes: request.limitBytes });
}
