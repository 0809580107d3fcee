/** How long the argument of an opcode is. */
export type PickleArgument =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'counted'; readonly lengthBytes: 1 | 4 | 8 }
  | { readonly kind: 'lines'; readonly lines: 1 | 2 };

/** What an opcode does to the stack of the machine that would run it. */
export interface PickleEffect {
  /** Takes everything down to the last mark first. */
  readonly popsToMark: boolean;
  readonly pops: number;
  readonly pushes: number;
}

/** One opcode, without its meaning. */
export interface PickleOpcode {
  readonly argument: PickleArgument;
  readonly effect: PickleEffect;
  /** For how many opcodes it counts. */
  readonly weight: number;
}

const argumentGroups: readonly (readonly [string, PickleArgument])[] = [
  ['FILSVPgp', { kind: 'lines', lines: 1 }],
  ['ci', { kind: 'lines', lines: 2 }],
  ['Khq\x80\x82', { kind: 'fixed', bytes: 1 }],
  ['M\x83', { kind: 'fixed', bytes: 2 }],
  ['Jjr\x84', { kind: 'fixed', bytes: 4 }],
  ['G\x95', { kind: 'fixed', bytes: 8 }],
  ['UC\x8a\x8c', { kind: 'counted', lengthBytes: 1 }],
  ['TXB\x8b', { kind: 'counted', lengthBytes: 4 }],
  ['\x8d\x8e\x96', { kind: 'counted', lengthBytes: 8 }],
];

const effectGroups: readonly (readonly [string, PickleEffect])[] = [
  ['\x80\x95(', { popsToMark: false, pops: 0, pushes: 0 }],
  [
    'IFLJKMNSTUVXCBG}])gjhcP\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x96\x97',
    { popsToMark: false, pops: 0, pushes: 1 },
  ],
  ['0.', { popsToMark: false, pops: 1, pushes: 0 }],
  ['Qpqr\x85\x94\x98', { popsToMark: false, pops: 1, pushes: 1 }],
  ['2', { popsToMark: false, pops: 1, pushes: 2 }],
  ['Rba\x81\x86\x93', { popsToMark: false, pops: 2, pushes: 1 }],
  ['s\x87\x92', { popsToMark: false, pops: 3, pushes: 1 }],
  ['tldoi\x91', { popsToMark: true, pops: 0, pushes: 1 }],
  ['eu\x90', { popsToMark: true, pops: 1, pushes: 1 }],
  ['1', { popsToMark: true, pops: 0, pushes: 0 }],
];

/** What makes something that costs memory many times its byte, and how often more than other opcodes. */
const weightGroups: readonly (readonly [string, number])[] = [
  ['}\x8fd\x91Rio\x81\x92', 8],
  ['])lt\x85\x86\x87', 2],
];

const noArgument: PickleArgument = { kind: 'fixed', bytes: 0 };

/**
 * The opcodes of pickle protocols 0 to 5, by their byte.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py for their meaning
 */
export const pickleOpcodes: ReadonlyMap<number, PickleOpcode> = new Map(
  effectGroups.flatMap(([letters, effect]) =>
    Array.from(letters, (letter) => {
      const argument = argumentGroups.find(([group]) => group.includes(letter))?.[1] ?? noArgument;
      const weight = weightGroups.find(([group]) => group.includes(letter))?.[1] ?? 1;
      return [letter.charCodeAt(0), { argument, effect, weight }] as const;
    }),
  ),
);
