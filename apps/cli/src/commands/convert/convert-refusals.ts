import type { LazyValue } from '@holdfast/formats';
import { CommandError } from '../../failure/command-error.ts';
import { plainText } from '../../output/plain-text.ts';

/** A value that is not written, and why, as the end of a sentence about it. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** An ending that names no format. */
export function unknownEnding(to: string, endings: Iterable<string>): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `The ending of ${to} names no format that is written.`,
    hint: `Use one of ${[...endings].join(', ')}.`,
  });
}

/** A format without compression. */
export function notCompressed(to: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `${to} cannot be compressed: its format has no compression.`,
    hint: 'Leave --compress out, or write a .npz, .mat or .h5 file.',
  });
}

/** Values that the target cannot hold. */
export function unsupported(leftOut: readonly LeftOut[], to: string): CommandError {
  const [first] = leftOut;
  return new CommandError({
    code: 'unsupported',
    message: `${to} cannot hold ${first?.name}: it ${first?.reason}${others(leftOut)}.`,
    hint: `Leave such values out with --skip-unsupported, or choose the others with --variable NAME. ${first?.hint ?? ''}`.trimEnd(),
    details: { leftOut },
  });
}

/** A conversion without anything to write. */
export function nothingLeft(
  { from, to }: { readonly from: string; readonly to: string },
  leftOut: readonly LeftOut[],
): CommandError {
  const [first] = leftOut;
  const message =
    first === undefined
      ? `${from} holds no values.`
      : `Nothing of ${from} can be held by ${to}: ${first.name === from ? 'it' : first.name} ${first.reason}${others(leftOut)}.`;
  return new CommandError({
    code: 'unsupported',
    message,
    hint: 'See what it holds: holdfast inspect FILE',
    details: { leftOut },
  });
}

/** More values than the target can hold. */
export function tooMany(values: readonly LazyValue[], to: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `${to} can hold one array, and there are ${values.length}.`,
    hint: `Choose one with --variable NAME: ${listed(values.map(({ name }) => name))}; or write a .npz file.`,
  });
}

function others(leftOut: readonly LeftOut[]): string {
  if (leftOut.length < 2) return '';
  return `; nor can it hold ${listed(leftOut.slice(1).map(({ name }) => name))}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(plainText).join(', ');
  return names.length > 10 ? `${shown}, … (${names.length})` : shown;
}

/** A link that was asked for and leads to no value of its file. */
export function linkNotFollowed(name: string, reason: string, from: string): CommandError {
  return new CommandError({
    code: 'unsupported',
    message: `${name} of ${from} ${reason}, and no dataset of ${from} is found there.`,
    hint: 'Name what it leads to, or convert the file that holds it.',
    details: { path: from, name },
  });
}

/** A name that no value of the source has. */
export function noSuchValue(name: string, from: string, values: readonly LazyValue[]): CommandError {
  return new CommandError({
    code: 'not-found',
    message: `${from} has no value named ${name}.`,
    hint: `It has: ${listed(values.map((value) => value.name))}`,
    details: { path: from, name },
  });
}
