import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import type { ZipMember } from '../zip/zip-directory.ts';
import { defaultLimitBytes, ZipFile } from '../zip/zip-file.ts';
import type { OpenableStorage } from './openable-storage.ts';
import {
  makeStorage,
  type OpenTorchOptions,
  rebuildPickle,
  storageIdOf,
  type TorchContent,
} from './torch-container.ts';
import { torchError, torchUnsupported } from './torch-error.ts';
import { TorchRebuilder } from './torch-rebuilder.ts';

const pickleMember = /^([^/]+)\/data\.pkl$/;
const mostPickleBytes = 2 ** 30;
/** torch stores its pickle as it is; what others have compressed may hold a thousand times its bytes. */
export const mostInflatedPickleBytes: number = 2 ** 26;
const longestTextBytes = 64;

/** Reads the form of torch 1.6 and later: a zip archive around `data.pkl`. `undefined` for what is none. */
export async function readTorchZip(
  source: ByteRangeSource,
  options: OpenTorchOptions,
): Promise<TorchContent | undefined> {
  const zip = await ZipFile.open(source, options);
  const member = zip?.members.find(({ path }) => pickleMember.test(path));
  if (zip === undefined || member === undefined) return undefined;
  const mostBytes = member.method === 0 ? mostPickleBytes : mostInflatedPickleBytes;
  if (member.sizeBytes > mostBytes)
    throw torchUnsupported(
      `${member.path} has ${member.sizeBytes} bytes; ${mostBytes} are read`,
      member.headerOffset,
      'torch.save does not compress its pickle: load the file with torch and save it again.',
    );
  const root = member.path.slice(0, -'/data.pkl'.length);
  const members = new Map(zip.members.map((candidate) => [candidate.path, candidate]));
  const byteOrder = await byteOrderOf(zip, members.get(`${root}/byteorder`));
  const { limitBytes = defaultLimitBytes, unknownGlobals, keepsFloats } = options;
  const storages = new Map<string, OpenableStorage>();
  const rebuilder = new TorchRebuilder({
    keepsUnknown: unknownGlobals === 'keep',
    keepsFloats,
    limitBytes,
    persistent: (id, at) => {
      const storageId = storageIdOf(id, at);
      const known = storages.get(storageId.key);
      if (known !== undefined) return known;
      const data = members.get(`${root}/data/${storageId.key}`);
      const made = makeStorage(storageId, { at, byteOrder, open: (signal) => opened(zip, data, signal) });
      if (data?.sizeBytes !== made.sizeBytes && made.sizeBytes > 0)
        throw torchError(
          `storage ${made.key} needs ${made.sizeBytes} bytes and has ${data?.sizeBytes ?? 'no member'}`,
          at,
        );
      storages.set(made.key, made);
      return made;
    },
  });
  const bytes = await zip.bytes(member, options.signal);
  const { value, protocol } = await rebuildPickle(bytesSource(bytes), 0, { rebuilder, options });
  return { container: 'zip', value, protocol, globals: rebuilder.globals };
}

async function opened(
  zip: ZipFile,
  member: ZipMember | undefined,
  signal: AbortSignal | undefined,
): Promise<ByteRangeSource> {
  return member === undefined ? bytesSource(new Uint8Array(0)) : zip.content(member, signal);
}

async function byteOrderOf(zip: ZipFile, member: ZipMember | undefined): Promise<ByteOrder> {
  const bytes = member && (await zip.beginning(member, longestTextBytes));
  return bytes !== undefined && new TextDecoder().decode(bytes).trim() === 'big' ? 'big' : 'little';
}
