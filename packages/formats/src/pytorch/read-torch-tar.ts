import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import { elementLayout } from '../value/element-type.ts';
import { defaultLimitBytes } from '../zip/zip-file.ts';
import { openTensor } from './open-tensor.ts';
import type { OpenableStorage } from './openable-storage.ts';
import { makeStorage, type OpenTorchOptions, rebuildPickle, type TorchContent } from './torch-container.ts';
import { torchError } from './torch-error.ts';
import { TorchRebuilder } from './torch-rebuilder.ts';
import { plainTextOf, type TorchValue } from './torch-value.ts';

const blockBytes = 512;
const tarMagicOffset = 257;
const torchMembers: ReadonlySet<string> = new Set(['sys_info', 'pickle', 'storages', 'tensors']);
const mostMembers = 1000;
const mostDimensions = 64;

/** Whether the first block of a file is that of a tar archive of torch before 0.1.10. */
export function beginsLikeTorchTar(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, blockBytes));
  return text.startsWith('ustar', tarMagicOffset) && torchMembers.has(nameOf(text));
}

/** Reads the form of torch before 0.1.10: a tar archive of `storages`, `tensors` and `pickle`. `undefined` for what is none. */
export async function readTorchTar(
  source: ByteRangeSource,
  options: OpenTorchOptions,
): Promise<TorchContent | undefined> {
  const length = Math.min(blockBytes, source.sizeBytes);
  if (!beginsLikeTorchTar(await readExactly(source, { offset: 0, length, signal: options.signal })))
    return undefined;
  const members = await tarMembers(source);
  const [storagesMember, tensorsMember, pickleMember] = ['storages', 'tensors', 'pickle'].map((name) => {
    const member = members.get(name);
    if (member === undefined) throw torchError(`the tar archive has no member ${name}`, 0);
    return member;
  });
  if (storagesMember === undefined || tensorsMember === undefined || pickleMember === undefined)
    return undefined;
  const { limitBytes = defaultLimitBytes, unknownGlobals, keepsFloats } = options;
  const objects = new Map<string, TorchValue>();
  const rebuilder = new TorchRebuilder({
    keepsUnknown: unknownGlobals === 'keep',
    keepsFloats,
    limitBytes,
    persistent: (id, at) => {
      const found = Array.isArray(id) ? (id as TorchValue[])[0] : objects.get(plainTextOf(id));
      if (found === undefined)
        throw torchError(`object ${plainTextOf(id).slice(0, 80)} is not in the file`, at);
      return found;
    },
  });
  const parts = { rebuilder, options };
  await readStorages(storagesMember, objects, parts);
  await readTensors(tensorsMember, objects, { ...parts, limitBytes });
  const { value, protocol } = await rebuildPickle(pickleMember, 0, parts);
  return { container: 'tar', value, protocol, globals: rebuilder.globals };
}

async function tarMembers(source: ByteRangeSource): Promise<Map<string, ByteRangeSource>> {
  const members = new Map<string, ByteRangeSource>();
  for (let at = 0; at + blockBytes <= source.sizeBytes && members.size < mostMembers;) {
    const head = String.fromCharCode(...(await readExactly(source, { offset: at, length: blockBytes })));
    const size = /^[0-7]+/.exec(head.slice(124, 136).trim())?.[0];
    if (head.startsWith('\0')) break;
    const sizeBytes = Number.parseInt(size ?? '', 8);
    if (!(at + blockBytes + sizeBytes <= source.sizeBytes))
      throw torchError('a member of the tar archive is cut short', at);
    members.set(nameOf(head), sliceSource(source, at + blockBytes, sizeBytes));
    at += blockBytes * (1 + Math.ceil(sizeBytes / blockBytes));
  }
  return members;
}

function nameOf(head: string): string {
  return head.slice(0, 100).replace(/\0.*$/s, '').replace(/^\.\//, '').replace(/\/$/, '');
}

interface Parts {
  readonly rebuilder: TorchRebuilder;
  readonly options: OpenTorchOptions;
}

/** A number, then for each storage its key, device and class as a pickle, its number of elements, and its bytes. */
async function readStorages(
  source: ByteRangeSource,
  objects: Map<string, TorchValue>,
  parts: Parts,
): Promise<void> {
  const count = await rebuildPickle(source, 0, parts);
  let at = count.end;
  for (let index = 0; index < Number(count.value); index += 1) {
    const given = await rebuildPickle(source, at, parts);
    const [key, device, type] = Array.isArray(given.value) ? (given.value as TorchValue[]) : [];
    const typeName = typeof type === 'object' && type !== null && 'className' in type ? type.className : '';
    const start = given.end + 8;
    const elements = Number(await integerAt(source, given.end));
    const storage: OpenableStorage = makeStorage(
      { typeName, key: plainTextOf(key), device: plainTextOf(device), count: elements },
      { at, byteOrder: 'little', open: async () => sliceSource(source, start, storage.sizeBytes) },
    );
    if (!(elements >= 0 && start + storage.sizeBytes <= source.sizeBytes))
      throw torchError(`storage ${storage.key} does not fit in the file`, at);
    objects.set(storage.key, storage);
    at = start + storage.sizeBytes;
  }
  const views = await rebuildPickle(source, at, parts);
  for (const view of Array.isArray(views.value) ? (views.value as TorchValue[]) : [])
    addView(objects, view, at);
}

function addView(objects: Map<string, TorchValue>, view: TorchValue, at: number): void {
  const [key, rootKey, offset, count] = Array.isArray(view) ? (view as TorchValue[]) : [];
  const root = objects.get(plainTextOf(rootKey)) as OpenableStorage | undefined;
  const itemBytes = root === undefined ? 0 : elementLayout(root.dtype).bits / 8;
  const [start, sizeBytes] = [Number(offset) * itemBytes, Number(count) * itemBytes];
  if (root === undefined || !(start >= 0 && sizeBytes >= 0 && start + sizeBytes <= root.sizeBytes))
    throw torchError('a view reaches outside of its storage', at);
  const open: OpenableStorage['open'] = async (signal) =>
    sliceSource(await root.open(signal), start, sizeBytes);
  const part: OpenableStorage = { ...root, key: plainTextOf(key), sizeBytes, open };
  objects.set(part.key, part);
}

/** A number, then for each tensor its key, storage and class as a pickle, and its dimensions, strides and offset. */
async function readTensors(
  source: ByteRangeSource,
  objects: Map<string, TorchValue>,
  parts: Parts & { readonly limitBytes: number },
): Promise<void> {
  const count = await rebuildPickle(source, 0, parts);
  let at = count.end;
  for (let index = 0; index < Number(count.value); index += 1) {
    const given = await rebuildPickle(source, at, parts);
    const [key, storageKey] = Array.isArray(given.value) ? (given.value as TorchValue[]) : [];
    const storage = objects.get(plainTextOf(storageKey)) as OpenableStorage | undefined;
    const dimensions = Number(await integerAt(source, given.end)) % 2 ** 32;
    if (storage === undefined || dimensions > mostDimensions)
      throw torchError('a tensor states no storage and dimensions', at);
    const numbers: number[] = [];
    for (let place = 0; place <= 2 * dimensions; place += 1)
      numbers.push(Number(await integerAt(source, given.end + 8 * (1 + place))));
    if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
      throw torchError('a tensor states a size or stride below zero', at);
    const shape = numbers.slice(0, dimensions);
    const strides = numbers.slice(dimensions, 2 * dimensions);
    const view = {
      dtype: storage.dtype,
      shape,
      strides,
      storageOffset: numbers.at(-1) ?? 0,
      requiresGrad: false,
    };
    objects.set(plainTextOf(key), openTensor(storage, { ...view, at, limitBytes: parts.limitBytes }));
    at = given.end + 8 * (2 + 2 * dimensions);
  }
}

async function integerAt(source: ByteRangeSource, offset: number): Promise<bigint> {
  if (offset + 8 > source.sizeBytes) throw torchError('the file ends within a number', source.sizeBytes);
  const bytes = await readExactly(source, { offset, length: 8 });
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}
