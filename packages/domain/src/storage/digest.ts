import { InvalidValueError } from '../invalid-value-error.ts';

declare const brand: unique symbol;

/** A SHA-256 digest as Holdfast writes it everywhere: `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly [brand]: 'Digest' };

const pattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Parses a digest.
 *
 * @throws InvalidValueError with the given field when the text is not `sha256:` and 64 hexadecimal digits.
 */
export function parseDigest(text: string, field = 'checksum'): Digest {
  if (!isDigest(text)) {
    throw new InvalidValueError({
      field,
      value: text,
      reason: 'is not a digest',
      hint: 'A digest is "sha256:" followed by 64 lower-case hexadecimal digits.',
    });
  }
  return text;
}

/** Whether a text is a digest in Holdfast's form. */
export function isDigest(text: string): text is Digest {
  return pattern.test(text);
}

/** Makes a digest from its 64 hexadecimal digits. */
export function digestOfHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

/** The 64 hexadecimal digits of a digest, without the algorithm. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** The first 12 hexadecimal digits: enough for people to tell digests apart, never an address. */
export function shortDigest(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}
