/** A part of a page, left out when its body is empty. */
export interface Section {
  readonly title: string;
  readonly body: string;
}

/** Sections under each other, each below its title. */
export function printSections(sections: readonly Section[], paintTitle: (title: string) => string): string {
  return sections
    .filter(({ body }) => body !== '')
    .map(({ title, body }) => `${paintTitle(title)}\n${body}`)
    .join('\n\n');
}
