/** A class of condition that a recording may show. */
export interface FaultType {
  /** Its label, such as `cavitation`: lower-case letters, digits, underscores and hyphens. */
  readonly name: string;
  /** The number that stands for it in datasets: stable, and never given to another. */
  readonly number: number;
  /** Other spellings of its name in metadata. */
  readonly aliases: readonly string[];
  /** Names of files that show it, where `*` stands for any characters and `?` for one. */
  readonly patterns: readonly string[];
  /** Whether it is kept only so that its number stays taken: no recording gets it any more. */
  readonly isRetired: boolean;
}

/** A fault type as a catalogue file declares it. */
export interface FaultTypeDeclaration {
  readonly name: string;
  /** @default the next one after all that are taken */
  readonly number?: number | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly patterns?: readonly string[] | undefined;
  /** @default false */
  readonly isRetired?: boolean | undefined;
}
