import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { deflate, deflateRaw } from 'node:zlib';
import type { InvalidValueError } from '@holdfast/domain';
import { undefinedIfAbsent, writeFileWhole } from '@holdfast/files';
import {
  type Deflate,
  type LazyValue,
  type Lost,
  openValues,
  reasonAgainst,
  type ValueFile,
  type ValueFormat,
  type ValueGroup,
  writeValues,
} from '@holdfast/formats';
import { untilCancelled } from '@holdfast/ports';
import { inflate } from '@holdfast/registry';
import { FileRangeSource } from '@holdfast/storage';
import { assertFreeOfOwn } from '../../command/assert-free-of-own.ts';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { aboutFile } from '../../failure/about-file.ts';
import { missingFolder } from '../../failure/missing-folder.ts';
import { plainText } from '../../output/plain-text.ts';
import { printCount } from '../../output/print-count.ts';
import { chooseValues } from './choose-values.ts';
import {
  type LeftOut,
  notCompressed,
  nothingLeft,
  tooMany,
  unknownEnding,
  unsupported,
} from './convert-refusals.ts';
import { namesForTarget, type Renamed } from './names-for-target.ts';

const formatsByEnding: ReadonlyMap<string, ValueFormat> = new Map([
  ['.npy', 'numpy'],
  ['.npz', 'numpy_archive'],
  ['.safetensors', 'safetensors'],
  ['.mat', 'matlab'],
  ['.pt', 'pytorch_state_dict'],
  ['.pth', 'pytorch_state_dict'],
  ['.h5', 'hdf5'],
  ['.hdf5', 'hdf5'],
]);
const mostLostShown = 10;
const compressible: ReadonlySet<ValueFormat> = new Set(['numpy_archive', 'matlab', 'hdf5']);
const deflaters = { 'deflate-raw': promisify(deflateRaw), zlib: promisify(deflate) };
const nodeDeflate: Deflate = (bytes, { encoding }) => deflaters[encoding](bytes);

/** Writes the values of a file in another format. */
export const runConvert: CommandHandler = async (invocation, context) => {
  const [from, to] = [invocation.argument(0), invocation.argument(1)];
  const format = formatsByEnding.get(extname(to).toLowerCase());
  if (format === undefined) throw unknownEnding(to, formatsByEnding.keys());
  const isCompressed = invocation.isSet('compress');
  if (isCompressed && !compressible.has(format)) throw notCompressed(to);
  const request: ConversionRequest = {
    from,
    to,
    format,
    isCompressed,
    names: invocation.texts('variable'),
    skipsUnsupported: invocation.isSet('skipUnsupported'),
    overwrite: invocation.isSet('force'),
  };
  const conversion = await convert(request, context).catch((error: unknown) => {
    throw aboutFile(error, from);
  });
  report(request, conversion, context.output);
};

interface ConversionRequest {
  readonly from: string;
  readonly to: string;
  readonly format: ValueFormat;
  readonly isCompressed: boolean;
  readonly names: readonly string[];
  readonly skipsUnsupported: boolean;
  readonly overwrite: boolean;
}

/** What was written. */
interface Conversion {
  readonly written: readonly LazyValue[];
  readonly renamed: readonly Renamed[];
  readonly leftOut: readonly LeftOut[];
  readonly lost: readonly Lost[];
}

async function convert(request: ConversionRequest, context: CommandContext): Promise<Conversion> {
  const { from, to, format, isCompressed, names, overwrite } = request;
  const { signal, workingFolder } = context;
  const target = resolve(workingFolder, to);
  await using source = await FileRangeSource.open(resolve(workingFolder, from));
  const file = await openValues(source, { inflate, signal });
  await assertPlace(target, to);
  const { chosen, passedOver } = await chooseValues(file, { names, from, signal });
  const { kept, unheld } = separate(chosen, request);
  if (unheld.length > 0 && !request.skipsUnsupported) throw unsupported(unheld, to);
  if (kept.length === 0) throw nothingLeft(request, [...unheld, ...passedOver]);
  if (format === 'numpy' && kept.length > 1) throw tooMany(kept, to);
  await assertFreeOfOwn(target, context);
  const { named, renamed } = namesForTarget(kept, { format, fileName: basename(from, extname(from)) });
  const late = new LateRefusals(named, request, unheld);
  const lost = names.length === 0 ? [...(file.lost ?? [])] : [];
  const pieces = writeValues(format, named, {
    ...(isCompressed ? { deflate: nodeDeflate } : {}),
    ...besideFor(request, file, named),
    onLost: (part) => lost.push(part),
    leaveOut: (name, refusal) => late.add(name, refusal),
    signal,
  });
  const written = untilCancelled(pieces, signal, { operation: 'convert' });
  await writeFileWhole(target, written, { overwrite });
  return {
    written: named.filter(({ name }) => !late.names.has(name)),
    renamed: renamed.filter(({ to: name }) => !late.names.has(name)),
    leftOut: [...passedOver, ...unheld, ...late.leftOut],
    lost: lost
      .filter(({ name }) => !late.names.has(name))
      .map((part) => ({
        ...part,
        name: renamed.find(({ to: name }) => name === part.name)?.from ?? part.name,
      })),
  };
}

/** @throws CommandError where the folder of the target does not exist. */
async function assertPlace(target: string, to: string): Promise<void> {
  const folder = await stat(dirname(target)).catch(undefinedIfAbsent);
  if (folder === undefined) throw missingFolder(dirname(to), 'Make it first, or name another target.');
}

/** What goes with the values: all of it, or, with values that were asked for, what the target has a place for. */
function besideFor(
  { format, names }: ConversionRequest,
  { metadata, groups = [] }: ValueFile,
  values: readonly LazyValue[],
): Pick<ValueFile, 'metadata' | 'groups'> {
  if (names.length === 0 && format !== 'hdf5') return { metadata, groups };
  if (format !== 'hdf5') return { metadata: format === 'safetensors' ? metadata : {} };
  const isAround = ({ path }: ValueGroup): boolean =>
    path === '' || values.some(({ name }) => name.startsWith(`${path}/`));
  // The metadata of an HDF5 file are attributes of its root, which is one of the groups.
  return groups.length > 0
    ? { metadata: {}, groups: names.length === 0 ? groups : groups.filter(isAround) }
    : { metadata };
}

function separate(
  values: readonly LazyValue[],
  { from, format }: ConversionRequest,
): { readonly kept: readonly LazyValue[]; readonly unheld: readonly LeftOut[] } {
  const kept: LazyValue[] = [];
  const unheld: LeftOut[] = [];
  for (const value of values) {
    const reason = reasonAgainst(format, value);
    if (reason === undefined) kept.push(value);
    else unheld.push({ name: value.name === '' ? from : value.name, reason, hint: value.unread?.hint });
  }
  return { kept, unheld };
}

/** Values that turn out when they are written to be ones that the target cannot hold. */
class LateRefusals {
  readonly names: Set<string> = new Set();
  readonly leftOut: LeftOut[] = [];
  readonly #named: readonly LazyValue[];
  readonly #request: ConversionRequest;
  readonly #earlier: readonly LeftOut[];

  constructor(named: readonly LazyValue[], request: ConversionRequest, earlier: readonly LeftOut[]) {
    this.#named = named;
    this.#request = request;
    this.#earlier = earlier;
  }

  /** @throws CommandError where it may not be left out, or where nothing is left to be written. */
  add(name: string, { field, reason, hint }: InvalidValueError): void {
    this.names.add(name);
    this.leftOut.push({ name, reason: field === name ? reason : `holds ${field}, which ${reason}`, hint });
    if (!this.#request.skipsUnsupported) throw unsupported(this.leftOut, this.#request.to);
    if (this.names.size === this.#named.length)
      throw nothingLeft(this.#request, [...this.#earlier, ...this.leftOut]);
  }
}

function report(
  { from, to, format }: ConversionRequest,
  { written, renamed, leftOut, lost }: Conversion,
  output: CommandContext['output'],
): void {
  for (const { name, reason } of leftOut) output.warn(plainText(`${name} was left out: it ${reason}.`));
  for (const { from: name, to: other } of renamed)
    output.warn(plainText(`${name} is named ${other} in ${to}.`));
  if (lost.length > 0) output.warn(plainText(lostText(lost, to)));
  const values = written.map(({ name, typeText: type, shape }) => ({ name, type, shape }));
  const reasons = leftOut.map(({ name, reason }) => ({ name, reason }));
  output.answer({ from, to, format, values, leftOut: reasons, renamed, lost }, () => to);
  const count = printCount(values.length, 'value');
  output.say(`${output.messageStyle.good('✓')} ${count} of ${plainText(from)} written to ${plainText(to)}.`);
}

/** What was lost, with the first names; `--json` has them all. */
function lostText(lost: readonly Lost[], to: string): string {
  const shown = lost.slice(0, mostLostShown).map(({ name, what }) => `${name} (${what})`);
  const rest = lost.length - shown.length;
  const more = rest > 0 ? `, and ${rest} more (--json lists all)` : '';
  return `${to} does not hold ${printCount(lost.length, 'detail')} of the source: ${shown.join(', ')}${more}.`;
}
