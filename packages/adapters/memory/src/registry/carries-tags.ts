import type { Tags } from '@holdfast/domain';

/** Whether tags include all the wanted ones. */
export function carriesTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value);
}
