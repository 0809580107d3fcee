const letters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\u0007',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\u001b',
    ' ': ' ',
    '"': '"',
    '/': '/',
    '\\': '\\',
    N: '\u0085',
    _: '\u00a0',
    L: '\u2028',
    P: '\u2029',
  }),
);
const sequence = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gs;

/** Resolves the escape sequences of a double-quoted YAML text; `undefined` where one is unknown. */
export function unescapeYaml(text: string): string | undefined {
  let isKnown = true;
  const resolved = text.replaceAll(sequence, (escape) => {
    const character =
      escape.length > 2 ? characterOf(Number.parseInt(escape.slice(2), 16)) : letters.get(escape.slice(1));
    isKnown &&= character !== undefined;
    return character ?? '';
  });
  return isKnown ? resolved : undefined;
}

function characterOf(code: number): string | undefined {
  return code <= 0x10_ffff ? String.fromCodePoint(code) : undefined;
}
