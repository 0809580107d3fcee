/** What needs an object: a version, or a record of some kind. */
export interface ReferenceOwner {
  /** `version`, or the kind of a record. */
  readonly kind: string;
  readonly id: string;
}

/** A version as the owner of references. */
export function versionOwner(id: string): ReferenceOwner {
  return { kind: 'version', id };
}

/** An owner as one text: of a version its id, as it was stored before there were others; else `kind:id`. */
export function printReferenceOwner({ kind, id }: ReferenceOwner): string {
  return kind === 'version' && !id.includes(':') ? id : `${kind}:${id}`;
}

/** Reads what {@link printReferenceOwner} printed. */
export function parseReferenceOwner(text: string): ReferenceOwner {
  const end = text.indexOf(':');
  return end === -1 ? versionOwner(text) : { kind: text.slice(0, end), id: text.slice(end + 1) };
}
