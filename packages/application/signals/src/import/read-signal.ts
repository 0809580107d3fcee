import { type LazyValue, type NumericLeaf, type ValueLeaf, valueLeaves } from '@holdfast/formats';
import { type SampleLayout, isRealType, realSamples, sampleLayoutOf } from './real-samples.ts';
import { samplingRateOf } from './sampling-rate-of.ts';
import { SignalError } from './signal-error.ts';

/** Which array of a file is the signal. */
export interface ReadSignalOptions {
  /**
   * The path of the array, such as `X097_DE_time` or `bearing.gs`; `*` stands for any characters. The only
   * array of a file without names, such as a `.npy`, is the signal whatever the pattern is. Without it the signal
   * is the array with one of the {@link usualSignalNames}, else the largest one, else the first of the largest.
   */
  readonly pattern?: string | undefined;
  /** Which channel of an array with several, from 0 on. @default the only one */
  readonly channel?: number | undefined;
  /** Whether a choice between arrays that could all be the signal is an error. @default a warning */
  readonly isStrict?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A signal out of a file. */
export interface SignalFromFile {
  /** The path of its array. */
  readonly path: string;
  readonly samples: Float64Array;
  /** Samples a second, where the file has it. */
  readonly samplingRateHz?: number | undefined;
  /** The paths of the other arrays that could have been meant. */
  readonly others: readonly string[];
}

/** The last parts of paths that usually are signals, the most usual first. */
export const usualSignalNames: readonly string[] = ['signal', 'x', 'data', 'y'];

type Candidate = NumericLeaf & { readonly layout: SampleLayout };

/**
 * Finds the signal among the values of a file and reads it.
 *
 * @throws SignalError when there is none, or several where strictness is asked for.
 * @throws FormatError when the bytes break the rules of their format.
 */
export async function readSignal(
  values: readonly LazyValue[],
  options: ReadSignalOptions = {},
): Promise<SignalFromFile> {
  return chooseSignal(await valueLeaves(values, options.signal), options);
}

/** Finds the signal among the arrays of a file and reads it; fails as {@link readSignal} does. */
export async function chooseSignal(
  all: readonly ValueLeaf[],
  options: ReadSignalOptions = {},
): Promise<SignalFromFile> {
  const leaves = all.filter((leaf) => leaf.kind === 'numeric');
  const candidates = leaves.flatMap(candidateOf);
  const alike = likeliest(candidates, options.pattern);
  const [chosen, ...others] = alike;
  if (chosen === undefined) throw noSignal(leaves, options.pattern);
  if (others.length > 0 && options.isStrict === true) throw ambiguous(alike);
  const channel = channelOf(chosen, options.channel);
  const samples = realSamples(await chosen.read(), chosen.layout, channel);
  const samplingRateHz = await samplingRateOf(leaves);
  return { path: chosen.path, samples, samplingRateHz, others: others.map(({ path }) => path) };
}

function candidateOf(leaf: NumericLeaf): readonly Candidate[] {
  const layout = isRealType(leaf.dtype) ? sampleLayoutOf(leaf.shape) : undefined;
  return layout === undefined || layout.sampleCount < 2 ? [] : [{ ...leaf, layout }];
}

/** All that could equally well be the signal, in the order of the file. */
function likeliest(candidates: readonly Candidate[], pattern: string | undefined): readonly Candidate[] {
  const isNameless = candidates.length === 1 && candidates[0]?.path === '';
  if (pattern !== undefined && !isNameless) {
    const expression = new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`, 'su');
    return candidates.filter(({ path }) => expression.test(path));
  }
  for (const name of usualSignalNames) {
    const named = candidates.filter(({ path }) => path.split('.').at(-1)?.toLowerCase() === name);
    if (named.length > 0) return named;
  }
  const sizes = candidates.map(({ layout }) => layout.sampleCount * layout.channelCount);
  return candidates.filter((_, index) => sizes[index] === Math.max(...sizes));
}

function literally(text: string): string {
  return text.replace(/[\\^$.+?()[\]{}|/]/gu, '\\$&');
}

function channelOf({ path, layout }: Candidate, asked: number | undefined): number {
  const { channelCount } = layout;
  if (asked === undefined && channelCount > 1)
    throw new SignalError(
      'ambiguous-signal',
      `${nameOf(path)} has ${channelCount} channels.`,
      `Choose one of them, from 0 to ${channelCount - 1}.`,
    );
  const channel = asked ?? 0;
  if (Number.isSafeInteger(channel) && channel >= 0 && channel < channelCount) return channel;
  throw new SignalError('no-signal', `${nameOf(path)} has no channel ${asked}: it has ${channelCount}.`);
}

function noSignal(leaves: readonly NumericLeaf[], pattern: string | undefined): SignalError {
  const arrays = leaves.map(
    ({ path, dtype, shape }) => `${path === '' ? '' : `${path}: `}${dtype} ${printed(shape)}`,
  );
  const more = arrays.length > mostListed ? ', …' : '';
  const hint =
    arrays.length === 0 ? undefined : `Its numeric arrays: ${arrays.slice(0, mostListed).join(', ')}${more}.`;
  const message =
    pattern === undefined
      ? 'There is no array of two or more real numbers, in channels at most.'
      : `No array of real numbers matches ${JSON.stringify(pattern)}.`;
  return new SignalError('no-signal', message, hint);
}

const mostListed = 10;

function printed(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

function ambiguous(alike: readonly Candidate[]): SignalError {
  const paths = alike.map(({ path }) => nameOf(path)).join(', ');
  return new SignalError(
    'ambiguous-signal',
    `Each of ${paths} could be the signal.`,
    'Choose one of them by a pattern.',
  );
}

function nameOf(path: string): string {
  return path === '' ? 'the array' : path;
}
