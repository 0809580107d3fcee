import { InvalidValueError } from '@holdfast/domain';
import { checkText } from '../../value/check-value.ts';
import type { Value } from '../../value/value.ts';
import { attributeMessages } from './encode-object-header.ts';
import type { NewAttributes, NewHdf5Dataset, NewHdf5Group } from './new-hdf5.ts';

interface Folder {
  readonly kind: 'group';
  readonly attributes: Map<string, Value>;
  readonly members: Map<string, Folder | NewHdf5Dataset>;
}

/** The groups and datasets of a new file, by paths such as `train/signals`. Groups on the way are made. */
export class NewHdf5Tree {
  readonly #root: Folder = folder();

  get root(): NewHdf5Group {
    return this.#root;
  }

  /**
   * Makes a group where none is, and gives it attributes.
   *
   * @throws InvalidValueError where a dataset is on the way, and for an attribute that cannot be stored.
   */
  group(path: string, attributes: NewAttributes = new Map()): void {
    checkAttributes(attributes);
    const { attributes: known } = this.#folder(parts(path), path);
    for (const [name, value] of attributes) known.set(name, value);
  }

  /** @throws InvalidValueError for a path that is taken, or cannot be one, and for an attribute that cannot be stored. */
  dataset(path: string, dataset: NewHdf5Dataset): void {
    checkAttributes(dataset.attributes);
    const { members, name } = this.#place(path);
    members.set(name, dataset);
  }

  /** Describes a dataset that was announced before. */
  complete(path: string, dataset: NewHdf5Dataset): void {
    const names = parts(path);
    const name = names.pop() ?? '';
    this.#folder(names, path).members.set(name, dataset);
  }

  /** @throws InvalidValueError for a path that is taken, or cannot be one. */
  assertFree(path: string): void {
    this.#place(path);
  }

  #place(path: string): { readonly members: Folder['members']; readonly name: string } {
    const names = parts(path);
    const name = names.pop();
    if (name === undefined) throw invalid(path, 'must name a dataset');
    const { members } = this.#folder(names, path);
    if (members.has(name)) throw invalid(path, 'is given twice');
    return { members, name };
  }

  #folder(names: readonly string[], path: string): Folder {
    let current = this.#root;
    for (const name of names) {
      const next = current.members.get(name) ?? folder();
      if (next.kind === 'dataset') throw invalid(path, `leads through ${name}, which is a dataset`);
      current.members.set(name, next);
      current = next;
    }
    return current;
  }
}

/** Encodes them for nothing, so that a wrong one is reported with the object that it is of. */
function checkAttributes(attributes: NewAttributes): void {
  attributeMessages(attributes, { next: () => 0, store: () => undefined });
}

function folder(): Folder {
  return { kind: 'group', attributes: new Map(), members: new Map() };
}

function parts(path: string): string[] {
  checkText(path, 'path');
  const names = path.split('/').filter((part) => part !== '');
  if (names.some((name) => name === '.' || name.includes('\0')))
    throw invalid(path, 'cannot be the path of an object');
  return names;
}

function invalid(path: string, reason: string): InvalidValueError {
  return new InvalidValueError({ field: 'path', value: path, reason });
}
