import { basename, extname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { deflate, deflateRaw } from 'node:zlib';
import {
  type Deflate,
  type LazyValue,
  openValues,
  reasonAgainst,
  type ValueFormat,
  writeValues,
} from '@holdfast/formats';
import { untilCancelled } from '@holdfast/ports';
import { inflate } from '@holdfast/registry';
import { FileRangeSource, writeFileWhole } from '@holdfast/storage';
import { assertFreeOfOwn } from '../../command/assert-free-of-own.ts';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { CommandError } from '../../failure/command-error.ts';
import { plainText } from '../../output/plain-text.ts';
import { nameForTarget } from './name-for-target.ts';

const formatsByEnding: ReadonlyMap<string, ValueFormat> = new Map([
  ['.npy', 'numpy'],
  ['.npz', 'numpy_archive'],
  ['.safetensors', 'safetensors'],
  ['.mat', 'matlab'],
  ['.pt', 'pytorch_state_dict'],
  ['.pth', 'pytorch_state_dict'],
]);
const compressible: ReadonlySet<ValueFormat> = new Set(['numpy_archive', 'matlab']);
const deflaters = { 'deflate-raw': promisify(deflateRaw), zlib: promisify(deflate) };
const nodeDeflate: Deflate = (bytes, { encoding }) => deflaters[encoding](bytes);

/** A value that the target cannot hold, and why. */
interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Writes the values of a file in another format. */
export const runConvert: CommandHandler = async (invocation, context) => {
  const [from, to] = [invocation.argument(0), invocation.argument(1)];
  const format = formatsByEnding.get(extname(to).toLowerCase());
  if (format === undefined) throw unknownEnding(to);
  const isCompressed = invocation.isSet('compress');
  if (isCompressed && !compressible.has(format)) throw notCompressed(to);
  const { signal, workingFolder } = context;
  await using source = await FileRangeSource.open(resolve(workingFolder, from));
  const file = await openValues(source, { inflate, signal });
  const chosen = choose(file.values, invocation.texts('variable'), from);
  const leftOut = chosen.flatMap((value) => leaveOut(value, format));
  if (leftOut.length > 0 && !invocation.isSet('skipUnsupported')) throw unsupported(leftOut, to);
  const left = new Set(leftOut.map(({ name }) => name));
  const kept = chosen.filter(({ name }) => !left.has(name));
  if (kept.length === 0) throw nothingLeft(from, leftOut);
  if (format === 'numpy' && kept.length > 1) throw tooMany(kept, to);
  const target = resolve(workingFolder, to);
  await assertFreeOfOwn(target, context);
  const named = kept.map((value) => nameForTarget(value, format, basename(from, extname(from))));
  const compression = isCompressed ? { deflate: nodeDeflate } : {};
  const pieces = writeValues(format, named, { ...compression, metadata: file.metadata, signal });
  const written = untilCancelled(pieces, signal, { operation: 'convert', backend: 'local_filesystem' });
  await writeFileWhole(target, written, { overwrite: invocation.isSet('force') });
  report({ from, to, format, named, leftOut }, context);
};

function choose(values: readonly LazyValue[], names: readonly string[], from: string): readonly LazyValue[] {
  if (names.length === 0) return values;
  return names.map((name) => {
    const found = values.findLast((value) => value.name === name);
    if (found !== undefined) return found;
    throw new CommandError({
      code: 'not-found',
      message: `${from} has no value named ${name}.`,
      hint: `It has: ${listed(values.map((value) => value.name))}`,
      details: { path: from, name },
    });
  });
}

function leaveOut(value: LazyValue, format: ValueFormat): LeftOut[] {
  const reason = reasonAgainst(format, value);
  return reason === undefined ? [] : [{ name: value.name, reason }];
}

interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly format: ValueFormat;
  readonly named: readonly LazyValue[];
  readonly leftOut: readonly LeftOut[];
}

function report({ from, to, format, named, leftOut }: Conversion, { output }: CommandContext): void {
  for (const { name, reason } of leftOut) output.warn(plainText(`${name} was left out: it ${reason}.`));
  const values = named.map(({ name, typeText: type, shape }) => ({ name, type, shape }));
  output.answer({ from, to, format, values, leftOut }, () => to);
  const count = `${values.length} ${values.length === 1 ? 'value' : 'values'}`;
  output.say(`${output.messageStyle.good('✓')} ${count} of ${plainText(from)} written to ${plainText(to)}.`);
}

function unknownEnding(to: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `The ending of ${to} names no format that is written.`,
    hint: `Use one of ${[...formatsByEnding.keys()].join(', ')}.`,
  });
}

function notCompressed(to: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `${to} cannot be compressed: its format has no compression.`,
    hint: 'Leave --compress out, or write a .npz or .mat file.',
  });
}

function unsupported(leftOut: readonly LeftOut[], to: string): CommandError {
  const [first] = leftOut;
  const more = leftOut.length > 1 ? `, and ${leftOut.length - 1} more values cannot be held either` : '';
  return new CommandError({
    code: 'unsupported',
    message: `${to} cannot hold ${first?.name}: it ${first?.reason}${more}.`,
    hint: 'Leave such values out with --skip-unsupported, or choose the others with --variable NAME.',
    details: { leftOut },
  });
}

function nothingLeft(from: string, leftOut: readonly LeftOut[]): CommandError {
  return new CommandError({
    code: 'unsupported',
    message:
      leftOut.length === 0
        ? `${from} holds no values.`
        : `Of ${from}, nothing can be written in that format.`,
    hint: 'See what it holds: holdfast inspect FILE',
    details: { leftOut },
  });
}

function tooMany(values: readonly LazyValue[], to: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `${to} can hold one array, and there are ${values.length}.`,
    hint: `Choose one with --variable NAME: ${listed(values.map(({ name }) => name))}; or write a .npz file.`,
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(plainText).join(', ');
  return names.length > 10 ? `${shown}, … (${names.length})` : shown;
}
