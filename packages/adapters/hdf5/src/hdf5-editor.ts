import { InvalidValueError } from '@holdfast/domain';
import { checkText, type ElementData, whatIs } from '@holdfast/formats';
import type { Dataset, File, ready } from 'h5wasm/node';
import { Hdf5Error } from './hdf5-error.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { type AttributeValue, attributeOf } from './new-attributes.ts';
import { rowBytesOf } from './row-bytes-of.ts';
import { atPlace } from './to-hdf5-error.ts';

type Library = Awaited<typeof ready>;

const mostBytesAtOnce = 8 * 2 ** 20;

/** What can be changed of a file while `editHdf5` has it open. */
export class Hdf5Editor {
  readonly #file: File;
  readonly #original: Hdf5File;
  readonly #library: Library;

  /** @param original The file before it is changed. */
  constructor(file: File, original: Hdf5File, library: Library) {
    this.#file = file;
    this.#original = original;
    this.#library = library;
  }

  /**
   * Appends whole rows to a dataset that may grow.
   *
   * @throws Hdf5Error `invalid-argument` for data that does not fit or a dataset that may not grow, `unsupported` for elements
   *   that are no numbers.
   */
  appendRows(path: string, data: ElementData): Promise<void> {
    return this.#at(path, async () => {
      const { dataset, rowBytes, bytes } = await this.#open(path, data);
      const [rows = 0, ...rowShape] = dataset.shape ?? [];
      const [mostRows] = (await this.#original.dataset(path)).description.maxShape;
      const all = rows + bytes.byteLength / rowBytes;
      if (all > (mostRows ?? rows))
        throw new InvalidValueError({
          field: 'data',
          value: `${all} rows`,
          reason: `must fit in the ${mostRows} rows that the dataset may have`,
        });
      dataset.resize([all, ...rowShape]);
      this.#write(dataset, rows, { bytes, rowBytes });
    });
  }

  /** Writes whole rows over those from `start` on. @throws Hdf5Error as {@link appendRows} does. */
  writeRows(path: string, start: number, data: ElementData): Promise<void> {
    return this.#at(path, async () => {
      const { dataset, rowBytes, bytes } = await this.#open(path, data);
      const [rows = 0] = dataset.shape ?? [];
      const end = start + bytes.byteLength / rowBytes;
      if (!Number.isSafeInteger(start) || start < 0 || end > rows)
        throw new InvalidValueError({
          field: 'start',
          value: start,
          reason: `must leave the rows inside of the ${rows} of the dataset`,
        });
      this.#write(dataset, start, { bytes, rowBytes });
    });
  }

  /** Makes a group, with those on the way; one that exists stays. @throws Hdf5Error `invalid-argument` where something else is. */
  createGroup(path: string): Promise<void> {
    return this.#at(path, () => {
      let made = '';
      for (const name of path.split('/').filter((part) => part !== '')) {
        const inside = made === '' ? '/' : made;
        made += `/${name}`;
        const known = this.#exists(inside, name) ? this.#file.get(made) : undefined;
        if (known === undefined) this.#file.create_group(made);
        else if (!('create_group' in (known ?? {})))
          throw new InvalidValueError({
            field: 'path',
            value: path,
            reason: `leads through ${made}, which is not a group`,
          });
      }
    });
  }

  /** Sets an attribute of an object, in place of one of the same name. */
  setAttribute(
    path: string,
    name: string,
    value: Exclude<AttributeValue, { readonly kind: string }>,
  ): Promise<void> {
    return this.#at(path, () => {
      checkText(name, 'name');
      if ('kind' in Object(value))
        throw new InvalidValueError({
          field: `attributes.${name}`,
          value: whatIs(value),
          reason: 'must be a text, a number, a boolean, an array of texts or a typed array of numbers',
        });
      attributeOf(name, value);
      const object = path === '/' ? this.#file : this.#file.get(path);
      if (object === null || !('create_attribute' in object)) throw this.#missing(path);
      if (Object.hasOwn(object.attrs, name)) object.delete_attribute(name);
      if (typeof value === 'boolean') object.create_attribute(name, value ? 1 : 0, [], '<b');
      else if (typeof value === 'bigint') object.create_attribute(name, BigInt64Array.of(value), []);
      else object.create_attribute(name, value as number | string | string[] | Float64Array);
    });
  }

  async #open(
    path: string,
    data: ElementData,
  ): Promise<{ readonly dataset: Dataset; readonly rowBytes: number; readonly bytes: Uint8Array }> {
    const { dtype, shape, description } = await this.#original.dataset(path);
    const dataset = this.#file.get(path);
    if (dtype === undefined || dataset === null || !('write_slice' in dataset)) {
      const reason = `elements of the type ${description.typeText} are not written`;
      throw new Hdf5Error({
        code: 'unsupported',
        file: this.#original.path,
        dataset: path,
        reason,
        hint: 'Write them with h5py.',
      });
    }
    if (shape.length === 0)
      throw new InvalidValueError({
        field: 'path',
        value: path,
        reason: 'names a single value, which has no rows',
      });
    const rowBytes = shape.slice(1).reduce((product, extent) => product * extent, dataset.metadata.size);
    return { dataset, rowBytes, bytes: rowBytesOf(data, { dtype, rowBytes }) };
  }

  /** The library takes elements little-endian, whatever their order in the file. */
  #write(
    dataset: Dataset,
    start: number,
    { bytes, rowBytes }: { readonly bytes: Uint8Array; readonly rowBytes: number },
  ): void {
    const inner = (dataset.shape ?? []).slice(1);
    const rowsAtOnce = Math.max(1, Math.floor(mostBytesAtOnce / rowBytes));
    const pointer = this.#library._malloc(Math.min(bytes.length, rowsAtOnce * rowBytes));
    try {
      for (let at = 0; at < bytes.length; at += rowsAtOnce * rowBytes) {
        const part = bytes.subarray(at, at + rowsAtOnce * rowBytes);
        this.#library.HEAPU8.set(part, pointer);
        const count = [part.length / rowBytes, ...inner].map(BigInt);
        const offset = [start + at / rowBytes, ...inner.map(() => 0)].map(BigInt);
        const strides = count.map(() => 1n);
        this.#library.set_dataset_data(
          this.#file.file_id,
          dataset.path,
          count,
          offset,
          strides,
          BigInt(pointer),
        );
      }
    } finally {
      this.#library._free(pointer);
    }
  }

  #exists(group: string, name: string): boolean {
    const found = this.#file.get(group);
    return found !== null && 'keys' in found && found.keys().includes(name);
  }

  #missing(path: string): Hdf5Error {
    const reason = 'the file has no object of this name';
    return new Hdf5Error({ code: 'not-found', file: this.#original.path, dataset: path, reason });
  }

  #at(dataset: string, work: () => Promise<void> | void): Promise<void> {
    return atPlace({ file: this.#original.path, dataset }, work);
  }
}
