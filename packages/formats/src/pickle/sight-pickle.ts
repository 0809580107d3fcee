import type { ScanNote } from '../catalog/format-detection.ts';
import type { FormatProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { compressedStreamOf, inflateBeginning } from './compressed-stream.ts';
import { pickleOpcodes } from './pickle-opcodes.ts';
import { type PickleWalk, walkPickle } from './pickle-walk.ts';

/** A pickle that was recognised. */
export interface PickleSighting {
  readonly walk: PickleWalk;
  /** The compression around it, if there is one. */
  readonly compression: string | undefined;
}

/** What is said of every pickle. */
export const pickleScan: ScanNote = {
  verdict: 'unscanned',
  reason: 'A pickle can run code when it is loaded, and no scanner has looked at this one.',
};

const sightings = new WeakMap<BoundedReader, Promise<PickleSighting | undefined>>();
/** A pickle that breaks off is only called broken once this many opcodes made sense. */
const convincingOpcodes = 4;

/**
 * Looks for a pickle at the start of a file, plain or compressed. What could also be something
 * else, but might be loaded by Python, is noted as suspicious and not taken for a pickle.
 *
 * @throws FormatError when a pickle breaks off before its end.
 */
export function sightPickle(probe: FormatProbe): Promise<PickleSighting | undefined> {
  const sighting = sightings.get(probe.reader) ?? look(probe);
  sightings.set(probe.reader, sighting);
  return sighting;
}

async function look(probe: FormatProbe): Promise<PickleSighting | undefined> {
  const head = await probe.reader.read(0, 16);
  if (head[0] === 0x80) return lookAtBinary(probe, head[1] ?? 0);
  const compressed = compressedStreamOf(head);
  if (compressed !== undefined) return lookInside(probe, compressed);
  return pickleOpcodes.has(head[0] ?? 0) ? lookAtText(probe) : undefined;
}

async function lookAtBinary(probe: FormatProbe, protocol: number): Promise<PickleSighting | undefined> {
  if (protocol < 2 || protocol > 5) return undefined;
  const walk = await walkPickle(probe.reader);
  const convinces = walk.opcodeCount >= convincingOpcodes || walk.globals.length > 0;
  const endsFile = walk.outcome === 'stopped' && walk.offset === probe.reader.sizeBytes;
  if (walk.outcome === 'cut' && convinces) {
    throw new FormatError({
      format: 'pickle',
      offset: walk.offset,
      reason: `the pickle of protocol ${protocol} breaks off after ${walk.opcodeCount} opcodes`,
      hint: 'The file is cut short: fetch it again. Loading it would still run what comes before the cut.',
    });
  }
  if (endsFile || (convinces && walk.outcome !== 'broken')) return { walk, compression: undefined };
  probe.note(`The content begins like a pickle of protocol ${protocol}, but ${describeEnd(walk)}.`);
  probe.suspect('Python would load the beginning as a pickle, which can run code.');
  return undefined;
}

/** Protocols 0 and 1 have no signature: only a file that is one pickle from end to end counts. */
async function lookAtText(probe: FormatProbe): Promise<PickleSighting | undefined> {
  const walk = await walkPickle(probe.reader);
  if (walk.outcome !== 'stopped') return undefined;
  if (walk.offset === probe.reader.sizeBytes && walk.opcodeCount >= 3)
    return { walk, compression: undefined };
  probe.note(
    `The first ${walk.offset} bytes can be read as a pickle of protocol 0 or 1, and can be something else as well.`,
  );
  probe.suspect('Python would load the beginning as a pickle, which can run code.');
  return undefined;
}

async function lookInside(
  probe: FormatProbe,
  compressed: NonNullable<ReturnType<typeof compressedStreamOf>>,
): Promise<PickleSighting | undefined> {
  const bytes = await inflateBeginning(probe, compressed);
  if (bytes === undefined) {
    probe.note(
      `A ${compressed.name} stream; its content was not opened, and may be a pickle as joblib writes it.`,
    );
    probe.suspect('A compressed stream that was not opened may hold a pickle.');
    return undefined;
  }
  const walk = await walkPickle(new BoundedReader(bytesSource(bytes)));
  const convinces = walk.protocol >= 2 && walk.opcodeCount >= convincingOpcodes && walk.outcome !== 'broken';
  if (convinces) return { walk, compression: compressed.name };
  probe.note(
    `A ${compressed.name} stream whose content does not begin like a pickle of protocol 2 or later.`,
  );
  return undefined;
}

function describeEnd(walk: PickleWalk): string {
  if (walk.outcome === 'broken') return `at byte ${walk.offset} there is no valid opcode`;
  if (walk.outcome === 'cut') return 'the file ends at once';
  return 'it is too short to be sure';
}
