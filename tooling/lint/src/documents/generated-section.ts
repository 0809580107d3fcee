/** A part of a document that follows from something else; it stands between two markers. */
export interface GeneratedSection {
  /** Of the document, relative to the root, with `/`. */
  readonly path: string;
  /** As in `<!-- generated: NAME -->` and `<!-- end: NAME -->`. */
  readonly name: string;
  readonly content: string;
}
