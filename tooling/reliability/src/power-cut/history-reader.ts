import { relative, resolve } from 'node:path';
import type { Acknowledgement, DiskHistory, DiskStep, DiskSync } from './disk-history.ts';
import {
  type DiskChange,
  type DiskImage,
  type NodeId,
  applyChange,
  copyImage,
  isVolatile,
  rootNode,
} from './disk-image.ts';
import { type SystemCall, bytesIn } from './parse-calls.ts';

interface OpenFile {
  readonly node: NodeId;
  readonly path: string;
  readonly isAppending: boolean;
  position: number;
}

interface Place {
  readonly path: string;
  readonly folder: NodeId;
  readonly name: string;
  readonly node: NodeId | undefined;
}

interface NotedChange extends Pick<DiskStep, 'change' | 'requires'> {
  readonly call: SystemCall;
  readonly path: string;
}

/** The system calls that a history is made of. */
export const recordedCalls: readonly string[] = `
  open openat creat close dup dup2 dup3 lseek
  write pwrite64 writev pwritev pwritev2 copy_file_range sendfile ioctl
  ftruncate truncate fallocate link linkat symlink symlinkat
  rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir
  fsync fdatasync sync syncfs
`
  .trim()
  .split(/\s+/);

/** Makes a history of the system calls of one process, as far as they touch what is below a folder. */
export class HistoryReader {
  readonly #folder: string;
  readonly #base: DiskImage;
  readonly #live: DiskImage;
  readonly #open = new Map<number, OpenFile>();
  readonly #steps: DiskStep[] = [];
  readonly #syncs: DiskSync[] = [];
  readonly #acknowledgements: Acknowledgement[] = [];
  #nodeCount: number;

  /** @param folder absolute, without links on the way; `base` is what it held before the first call. */
  constructor(folder: string, base: DiskImage) {
    this.#folder = folder;
    this.#base = copyImage(base);
    this.#live = copyImage(base);
    this.#nodeCount = 1 + Math.max(...base.folders.keys(), ...base.files.keys());
  }

  read(calls: readonly SystemCall[]): DiskHistory {
    // A number is free for others as soon as its closing begins.
    const placeOf = (call: SystemCall): number => (call.name === 'close' ? call.began : call.ended);
    for (const call of calls.toSorted((left, right) => placeOf(left) - placeOf(right))) this.#take(call);
    return {
      base: this.#base,
      steps: this.#steps,
      syncs: this.#syncs,
      acknowledgements: this.#acknowledgements,
    };
  }

  #take(call: SystemCall): void {
    const { name, parameters } = call;
    const [first = '', second = '', third = '', fourth = ''] = parameters;
    if (name === 'openat') this.#openFile(call, this.#find(first, second), third);
    else if (name === 'open') this.#openFile(call, this.#find('', first), second);
    else if (name === 'creat') this.#openFile(call, this.#find('', first), 'O_CREAT|O_TRUNC');
    else if (name === 'close') this.#open.delete(Number(first));
    else if (name.startsWith('dup')) this.#duplicate(call);
    else if (name === 'lseek') this.#seek(call);
    else if (/write|copy_file_range|sendfile|ioctl/.test(name)) this.#write(call);
    else if (/truncate|fallocate/.test(name)) this.#resize(call);
    else if (name === 'link') this.#link(call, this.#find('', first), this.#find('', second));
    else if (name === 'linkat') this.#link(call, this.#find(first, second), this.#find(third, fourth));
    else if (name === 'rename') this.#rename(call, this.#find('', first), this.#find('', second));
    else if (name.startsWith('renameat'))
      this.#rename(call, this.#find(first, second), this.#find(third, fourth));
    else if (name === 'unlink' || name === 'rmdir') this.#remove(call, this.#find('', first));
    else if (name === 'unlinkat') this.#remove(call, this.#find(first, second));
    else if (name === 'mkdir') this.#makeFolder(call, this.#find('', first));
    else if (name === 'mkdirat') this.#makeFolder(call, this.#find(first, second));
    else if (name === 'sync' || name === 'syncfs') this.#syncs.push({ ...call, node: 'everything' });
    else this.#sync(call);
  }

  #openFile(call: SystemCall, place: Place | undefined, flags: string): void {
    if (place === undefined) return;
    let { node } = place;
    if (node === undefined) {
      if (!flags.includes('O_CREAT')) throw unexplained(call, place.path);
      node = this.#makeNode('file');
      this.#change(call, place.path, entryOf(place, node));
    } else if (flags.includes('O_TRUNC')) {
      this.#change(call, place.path, { kind: 'size', node, sizeBytes: 0 });
    }
    const isAppending = flags.includes('O_APPEND');
    this.#open.set(call.result, { node, path: place.path, isAppending, position: 0 });
  }

  #duplicate({ parameters, result }: SystemCall): void {
    const file = this.#open.get(Number(parameters[0]));
    if (file !== undefined) this.#open.set(result, file);
  }

  #seek({ parameters, result }: SystemCall): void {
    const file = this.#open.get(Number(parameters[0]));
    if (file !== undefined) file.position = result;
  }

  #write(call: SystemCall): void {
    const { name, parameters, result } = call;
    if (name.includes('write') && parameters[0] === '1') this.#acknowledge(call);
    if (name === 'ioctl' && parameters[1] !== 'BTRFS_IOC_CLONE' && parameters[1] !== 'FICLONE') return;
    const file = this.#open.get(Number(parameters[name === 'copy_file_range' ? 2 : 0]));
    if (file === undefined) return;
    const { node, path } = file;
    if (name.startsWith('pwrite')) {
      const bytes = bytesIn(parameters[1]).subarray(0, result);
      this.#change(call, path, { kind: 'bytes', node, offset: Number(parameters[3]), bytes });
      return;
    }
    const bytes = name.includes('write') ? bytesIn(parameters[1]).subarray(0, result) : this.#copied(call);
    const offset = file.isAppending ? (this.#live.files.get(node)?.byteLength ?? 0) : file.position;
    file.position = offset + bytes.byteLength;
    this.#change(call, path, { kind: 'bytes', node, offset, bytes });
  }

  /** The bytes that the system copies from one open file to another: `copy_file_range`, `sendfile`, or a clone. */
  #copied(call: SystemCall): Buffer {
    const { name, parameters, result } = call;
    const [first, second = '', third, fourth] = parameters;
    const isRange = name === 'copy_file_range';
    const from = this.#open.get(Number(isRange ? first : name === 'sendfile' ? second : third));
    if (from === undefined || (isRange && fourth !== 'NULL')) throw unexplained(call, parameters.join(', '));
    const whole = this.#live.files.get(from.node) ?? Buffer.alloc(0);
    if (name === 'ioctl') return whole;
    const offset = /^\[(\d+)/.exec((isRange ? second : third) ?? '')?.[1];
    const start = offset === undefined ? from.position : Number(offset);
    if (offset === undefined) from.position += result;
    return whole.subarray(start, start + result);
  }

  #acknowledge({ parameters, began }: SystemCall): void {
    const lines = bytesIn(parameters[1]).toString('utf8').split('\n');
    for (const line of lines.filter((text) => text !== '')) this.#acknowledgements.push({ line, began });
  }

  #resize(call: SystemCall): void {
    const { name, parameters } = call;
    if (name === 'truncate') throw unexplained(call, parameters.join(', '));
    const file = this.#open.get(Number(parameters[0]));
    if (file === undefined) return;
    const sizeBytes = Number(parameters[1]);
    if (name === 'fallocate') throw unexplained(call, file.path);
    this.#change(call, file.path, { kind: 'size', node: file.node, sizeBytes });
  }

  #link(call: SystemCall, source: Place | undefined, target: Place | undefined): void {
    if (target === undefined) return;
    if (source?.node === undefined) throw unexplained(call, target.path);
    this.#change(call, target.path, entryOf(target, source.node));
  }

  /** Within one folder it is one step; between two, the new name may be on the disk before the old one is gone. */
  #rename(call: SystemCall, source: Place | undefined, target: Place | undefined): void {
    if (source === undefined && target === undefined) return;
    if (source?.node === undefined || target === undefined) throw unexplained(call, target?.path ?? '');
    const gained = entryOf(target, source.node);
    const lost = entryOf(source, undefined);
    if (source.folder === target.folder) {
      const entries = [...lost.entries, ...gained.entries];
      this.#change(call, target.path, { ...gained, entries });
      return;
    }
    const requires = this.#note({ call, path: target.path, change: gained, requires: undefined });
    this.#note({ call, path: source.path, change: lost, requires });
  }

  #remove(call: SystemCall, place: Place | undefined): void {
    if (place !== undefined) this.#change(call, place.path, entryOf(place, undefined));
  }

  #makeFolder(call: SystemCall, place: Place | undefined): void {
    if (place !== undefined) this.#change(call, place.path, entryOf(place, this.#makeNode('folder')));
  }

  #sync(call: SystemCall): void {
    const file = this.#open.get(Number(call.parameters[0]));
    if (file !== undefined) this.#syncs.push({ ...call, node: file.node });
  }

  #makeNode(kind: 'file' | 'folder'): NodeId {
    const node = this.#nodeCount++;
    for (const image of [this.#base, this.#live])
      if (kind === 'file') image.files.set(node, Buffer.alloc(0));
      else image.folders.set(node, new Map());
    return node;
  }

  #change(call: SystemCall, path: string, change: DiskChange): void {
    this.#note({ call, path, change, requires: undefined });
  }

  #note({ call, path, change, requires }: NotedChange): DiskStep {
    applyChange(this.#live, change);
    const { name, began, ended } = call;
    const step = { change, text: `${name} ${relative(this.#folder, path)}`, began, ended, requires };
    this.#steps.push(step);
    return step;
  }

  /** Where a path is; `undefined` when that is not below the folder, or is no file that a disk keeps. */
  #find(from: string, quotedPath: string): Place | undefined {
    const start = from === '' || from === 'AT_FDCWD' ? this.#folder : this.#open.get(Number(from))?.path;
    const path = resolve(start ?? '/', bytesIn(quotedPath).toString('utf8'));
    if (path === this.#folder) return { path, folder: rootNode, name: '', node: rootNode };
    const below = relative(this.#folder, path);
    if (below.startsWith('..')) return undefined;
    const names = below.split('/');
    const name = names.pop() ?? '';
    if (isVolatile(name)) return undefined;
    let folder: NodeId | undefined = rootNode;
    for (const one of names)
      folder = folder === undefined ? undefined : this.#live.folders.get(folder)?.get(one);
    if (folder === undefined)
      throw new Error(`The trace leads into a folder that it does not explain: ${path}`);
    return { path, folder, name, node: this.#live.folders.get(folder)?.get(name) };
  }
}

function entryOf(place: Place, node: NodeId | undefined): DiskChange & { readonly kind: 'entries' } {
  return { kind: 'entries', node: place.folder, entries: [[place.name, node]] };
}

function unexplained({ name }: SystemCall, path: string): Error {
  return new Error(`The trace does not explain ${name} of ${path}.`);
}
