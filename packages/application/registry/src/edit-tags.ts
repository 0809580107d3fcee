import type { Tags } from '@holdfast/domain';

/** Tags with some set and some removed. */
export function editTags(
  tags: Tags,
  changes: { readonly set?: Tags; readonly remove?: readonly string[] },
): Tags {
  const edited = { ...tags, ...changes.set };
  for (const key of changes.remove ?? []) delete edited[key];
  return edited;
}
