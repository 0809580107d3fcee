import { open, unlink } from 'node:fs/promises';
import { writeAll } from '@holdfast/files';
import {
  isLazyArray,
  type LazyValue,
  makeElements,
  npyPieces,
  openValues,
  readMat,
  readNpy,
  readSafetensors,
  writeValues,
} from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { FileRangeSource } from '@holdfast/storage';
import { check } from '../material/check.ts';

/** Work on a file of values, prepared: only `run` is timed. */
export interface PreparedWork extends AsyncDisposable {
  run(): Promise<void>;
}

/** Prepares work on a file. */
export type ValueWork = (path: string) => Promise<PreparedWork>;

const reused = new Map<string, NonNullable<ReturnType<typeof makeElements>>>();

/** Reads the first value into an array that is used again. */
export const readReused: ValueWork = async (path) => {
  const into = reused.get(path) ?? (await firstElements(path));
  reused.set(path, into);
  return prepared(async () => {
    await using source = await FileRangeSource.open(path);
    await (await first(source)).read({ into });
    check(into[0] !== 0, 'nothing was read');
  });
};

/** Reads the first value into an array of its own. */
export const readFresh: ValueWork = async (path) =>
  prepared(async () => {
    await using source = await FileRangeSource.open(path);
    const value = await (await first(source)).read();
    check(value.kind === 'numeric' && value.data[0] !== 0, 'nothing was read');
  });

/** Lists the values. */
export const listed: ValueWork = async (path) =>
  prepared(async () => {
    await using source = await FileRangeSource.open(path);
    const values = path.endsWith('.mat')
      ? (await readMat(source)).variables
      : (await readSafetensors(source)).tensors;
    check(values.length > 1, 'nothing was listed');
  });

/** Writes the array of a file again. */
export const writeNumpy: ValueWork = async (path) => {
  await using source = await FileRangeSource.open(path);
  const value = await (await readNpy(source)).read();
  check(value.kind === 'numeric', 'no array was read');
  const target = `${path}.ours`;
  return prepared(async () => {
    const file = await open(target, 'w');
    for (const piece of npyPieces(value)) await writeAll(file, piece);
    await file.close();
  }, target);
};

/** Converts a file of torch to safetensors. */
export const convertTorch: ValueWork = async (path) => {
  const target = `${path}.safetensors`;
  return prepared(async () => {
    await using source = await FileRangeSource.open(path);
    const { values } = await openValues(source, { inflate });
    await writePieces(target, writeValues('safetensors', values));
  }, target);
};

/** Reads the bytes of a file and writes them. */
export const sameBytes: ValueWork = async (path) => {
  const target = `${path}.copy`;
  return prepared(async () => {
    await using source = await FileRangeSource.open(path);
    await writePieces(target, pieces(source));
  }, target);
};

async function* pieces(source: FileRangeSource): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(2 ** 20);
  for (let offset = 0; offset < source.sizeBytes; offset += buffer.length)
    yield buffer.subarray(0, await source.readInto(offset, buffer));
}

async function writePieces(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w');
  for await (const chunk of chunks) await writeAll(file, chunk);
  await file.close();
}

async function first(source: FileRangeSource): Promise<LazyValue> {
  const { values } = await openValues(source, { inflate });
  const [value] = values;
  if (value === undefined) throw new Error('The file holds no value.');
  return value;
}

async function firstElements(path: string): Promise<ReturnType<typeof makeElements>> {
  await using source = await FileRangeSource.open(path);
  const value = await first(source);
  if (!isLazyArray(value)) throw new Error('The first value is not numeric.');
  return makeElements(
    value.dtype,
    value.shape.reduce((product, extent) => product * extent, 1),
  );
}

function prepared(run: () => Promise<void>, made?: string): PreparedWork {
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      if (made !== undefined) await unlink(made).catch(() => {});
    },
  };
}
