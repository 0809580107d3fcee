const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** A text as XML holds it. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text that XML holds. */
export function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_whole, reference: string) => {
    if (!reference.startsWith('#')) return entities[reference] ?? '';
    const isHex = reference.startsWith('#x');
    return String.fromCodePoint(isHex ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1)));
  });
}

/** What stands in the elements of a name, still escaped. */
export function elementsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);
}
