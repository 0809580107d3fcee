const longestShown = 80;
const harmlessSchemes = /^(?:sqlite|memory|file)$/i;

/** A value as it may be shown to anybody: a URL without what could be a credential, a structure as its kind. */
export function printableValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  if (typeof value !== 'string') return String(value);
  const scheme = /^\s*([a-z][a-z0-9+.-]+):/i.exec(value)?.[1];
  if (scheme !== undefined && !harmlessSchemes.test(scheme)) return `"${scheme}:…"`;
  const text = JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…"` : text;
}
