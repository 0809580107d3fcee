import { refusedAtLimit } from '../refused-at-limit.ts';
import type { ByteInput, ByteRangeSource } from '../source/byte-range-source.ts';
import { sourceOf } from '../source/source-of.ts';
import { readTorchLegacy } from './read-torch-legacy.ts';
import { readTorchTar } from './read-torch-tar.ts';
import { readTorchZip } from './read-torch-zip.ts';
import type { OpenTorchOptions, ReadTorchOptions, TorchContent } from './torch-container.ts';
import { torchError } from './torch-error.ts';
import { plainTextOf, isTorchTensor, type TorchTensor, type TorchValue } from './torch-value.ts';

/** What a file of `torch.save` holds. */
export interface TorchFile extends TorchContent {
  /** Every tensor of the value, named by the path to it, such as `state_dict.fc.weight` or `optimizer.state.0.exp_avg`. */
  readonly tensors: readonly TorchTensor[];
  /** Other values of the top levels, by the same paths: numbers, texts, objects. */
  readonly others: readonly { readonly name: string; readonly value: TorchValue }[];
}

const mostVisited = 2_000_000;
const deepestPath = 100;

/**
 * Reads a file of `torch.save`: a state dict, a checkpoint, or any structure of plain values and tensors, in each of the
 * three containers that torch has written. Nothing of Python is run: a pickle machine rebuilds what is in its own list, and
 * refuses the rest by name. Tensors are read by range when they are asked for, and views keep their storages.
 *
 * @throws FormatError when the file is none of torch, is damaged, or imports a name that is not rebuilt.
 * @see https://pytorch.org/docs/stable/notes/serialization.html for the zip form
 */
export function readTorch(input: ByteInput, options: ReadTorchOptions = {}): Promise<TorchFile> {
  return refusedAtLimit('pytorch_state_dict', () => openTorch(sourceOf(input, options), options));
}

/** The same for inspection and conversion, with limits of Holdfast's own as they are. */
export async function openTorch(source: ByteRangeSource, options: OpenTorchOptions): Promise<TorchFile> {
  const content =
    (await readTorchLegacy(source, options)) ??
    (await readTorchTar(source, options)) ??
    (await readTorchZip(source, options));
  if (content === undefined) throw torchError('the content is not in a form that torch.save writes', 0);
  return { ...content, ...leavesOf(content.value) };
}

function leavesOf(value: TorchValue): Pick<TorchFile, 'tensors' | 'others'> {
  const tensors: TorchTensor[] = [];
  const others: { name: string; value: TorchValue }[] = [];
  const open = new Set<TorchValue>();
  let visited = 0;
  const visit = (item: TorchValue, path: string): void => {
    visited += 1;
    if (visited > mostVisited || open.size > deepestPath)
      throw torchError(
        `the file refers to its own values more than ${mostVisited} times, or ${deepestPath} deep`,
        0,
      );
    if (isTorchTensor(item)) tensors.push({ ...item, name: path });
    else if (!(item instanceof Map) && !(item instanceof Set) && !Array.isArray(item))
      others.push({ name: path, value: item });
    else if (!open.has(item)) {
      open.add(item);
      for (const [key, child] of entriesOf(item)) visit(child, path === '' ? key : `${path}.${key}`);
      open.delete(item);
    }
  };
  visit(value, '');
  return { tensors, others };
}

function* entriesOf(container: TorchValue): Generator<[string, TorchValue]> {
  if (container instanceof Map) {
    for (const [key, child] of container as ReadonlyMap<TorchValue, TorchValue>)
      yield [plainTextOf(key), child];
  } else {
    let index = 0;
    for (const child of container as Iterable<TorchValue>) yield [String(index++), child];
  }
}
