import { InvalidValueError } from '../invalid-value-error.ts';
import type { FaultType, FaultTypeDeclaration } from './fault-type.ts';

const namePattern = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;

/** The eleven classes of rotating machines that Holdfast begins with, with the numbers 0 to 10. */
const defaultNames = [
  'sain',
  'desalignement',
  'desequilibre',
  'jeu',
  'lubrification',
  'cavitation',
  'usure',
  'oilwhirl',
  'mixed_misalign_imbalance',
  'mixed_wear_lube',
  'mixed_cavit_jeu',
] as const;

/**
 * The labels that recordings may have, each with a number of its own. Names and aliases are compared without case,
 * accents and punctuation.
 */
export class FaultTypeCatalog {
  /** In the order of their numbers. */
  readonly types: readonly FaultType[];
  readonly #byWord: ReadonlyMap<string, FaultType>;

  private constructor(types: readonly FaultType[]) {
    this.types = types;
    this.#byWord = new Map(types.flatMap((type) => wordsOf(type).map((word) => [word, type] as const)));
  }

  /** The catalogue of the eleven default classes. */
  static standard(): FaultTypeCatalog {
    return FaultTypeCatalog.of(defaultNames.map((name) => ({ name })));
  }

  /**
   * A catalogue of these types. One without a number gets the next after all that are taken, in the given order.
   *
   * @throws InvalidValueError naming what is malformed, or what two types share: a number, a name or an alias.
   */
  static of(declarations: readonly FaultTypeDeclaration[]): FaultTypeCatalog {
    for (const declaration of declarations) assertDeclaration(declaration);
    let next = Math.max(-1, ...declarations.map(({ number }) => number ?? -1)) + 1;
    const types = declarations.map(
      ({ name, number, aliases = [], patterns = [], isRetired = false }): FaultType => ({
        name,
        number: number ?? next++,
        aliases,
        patterns,
        isRetired,
      }),
    );
    for (const type of types) assertWellFormed(type);
    assertApart(types);
    return new FaultTypeCatalog(types.toSorted((left, right) => left.number - right.number));
  }

  /** This catalogue with further types; those without a number get the next ones. */
  with(...declarations: readonly FaultTypeDeclaration[]): FaultTypeCatalog {
    return FaultTypeCatalog.of([...this.types, ...declarations]);
  }

  /** The type of a name or alias, in any spelling; `undefined` where none has it, or it is retired. */
  find(text: string): FaultType | undefined {
    const found = this.#byWord.get(wordOf(text));
    return found?.isRetired === true ? undefined : found;
  }

  /** The type of a number, also a retired one. */
  ofNumber(number: number): FaultType | undefined {
    return this.types.find((type) => type.number === number);
  }

  /**
   * The type that the name of a file shows: that of the longest pattern that it matches, else that of the longest name
   * or alias whose words it holds one after the other.
   */
  ofFileName(fileName: string): FaultType | undefined {
    const base = fileName.slice(fileName.lastIndexOf('/') + 1);
    const current = this.types.filter(({ isRetired }) => !isRetired);
    const matches = current.flatMap((type) =>
      type.patterns
        .filter((pattern) => isMatch(base, pattern))
        .map((pattern) => ({ type, length: pattern.length })),
    );
    const text = `_${wordOf(base)}_`;
    const holds = current.flatMap((type) =>
      wordsOf(type)
        .filter((word) => text.includes(`_${word}_`))
        .map((word) => ({ type, length: word.length })),
    );
    const [longest] = (matches.length > 0 ? matches : holds).toSorted(
      (left, right) => right.length - left.length,
    );
    return longest?.type;
  }
}

/** Callers without types, such as a file that was parsed, give anything. */
function assertDeclaration(declaration: FaultTypeDeclaration): void {
  const given: unknown = declaration;
  if (typeof given !== 'object' || given === null)
    throw new InvalidValueError({
      field: 'fault type',
      value: given,
      reason: 'must be an object with a name',
    });
  if (typeof declaration.name !== 'string')
    throw new InvalidValueError({ field: 'name', value: declaration.name, reason: 'must be a text' });
  for (const field of ['aliases', 'patterns'] as const) {
    const list: unknown = declaration[field];
    const isTexts = Array.isArray(list) && list.every((one) => typeof one === 'string');
    if (list !== undefined && !isTexts)
      throw new InvalidValueError({ field, value: list, reason: 'must be a list of texts' });
  }
}

function assertWellFormed({ name, number, aliases, patterns }: FaultType): void {
  if (!namePattern.test(name) || name.length > 63)
    throw new InvalidValueError({
      field: 'name',
      value: name,
      reason: 'must be up to 63 lower-case letters, digits, and single underscores or hyphens between them',
    });
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidValueError({ field: 'number', value: number, reason: 'must be an integer from 0 on' });
  for (const alias of aliases)
    if (wordOf(alias) === '')
      throw new InvalidValueError({ field: 'alias', value: alias, reason: 'must hold letters or digits' });
  for (const pattern of patterns)
    if (pattern === '' || pattern.includes('/'))
      throw new InvalidValueError({ field: 'pattern', value: pattern, reason: 'must be the name of a file' });
}

function assertApart(types: readonly FaultType[]): void {
  const [numbers, words] = [new Map<number, FaultType>(), new Map<string, FaultType>()];
  for (const type of types) {
    const { name, number } = type;
    const other = numbers.get(number);
    if (other !== undefined) {
      const reason = `of ${name} is already that of ${other.name}`;
      throw new InvalidValueError({ field: 'number', value: number, reason });
    }
    numbers.set(number, type);
    for (const word of wordsOf(type)) {
      const earlier = words.get(word);
      if (earlier !== undefined && earlier !== type) {
        const reason = `of ${name} is already a name of ${earlier.name}`;
        throw new InvalidValueError({ field: 'name', value: word, reason });
      }
      words.set(word, type);
    }
  }
}

function wordsOf({ name, aliases }: FaultType): readonly string[] {
  return [...new Set([name, ...aliases].map(wordOf))];
}

/** Lower case, without accents, with one underscore in the place of whatever is no letter or digit. */
function wordOf(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_|_$/g, '');
}

/** Compares without case; takes time in proportion to the product of both lengths at most. */
function isMatch(name: string, pattern: string): boolean {
  const [text, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
  let [at, place] = [0, 0];
  let [star, resume] = [-1, 0];
  while (at < text.length) {
    if (wanted[place] === '*') {
      [star, resume] = [place++, at];
    } else if (wanted[place] === '?' || wanted[place] === text[at]) {
      place++;
      at++;
    } else if (star >= 0) {
      [place, at] = [star + 1, ++resume];
    } else return false;
  }
  while (wanted[place] === '*') place++;
  return place === wanted.length;
}
