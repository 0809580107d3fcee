import { type Hdf5Type, isBoolean } from './hdf5-type.ts';

/** What a type states that its elements do not, once they are values. */
export function lostOfType(type: Hdf5Type): readonly string[] {
  switch (type.class) {
    case 'enum':
      return isBoolean(type) ? [] : ['names of the enumeration'];
    case 'opaque':
      return type.tag === '' ? [] : [`type tag ${type.tag}`];
    case 'array':
    case 'sequence':
      return lostOfType(type.base);
    case 'compound':
      return [...new Set(type.members.flatMap((member) => lostOfType(member.type)))];
    default:
      return [];
  }
}

/** Whether elements of a type lead to objects of their file. */
export function holdsReferences(type: Hdf5Type): boolean {
  if (type.class === 'compound') return type.members.some((member) => holdsReferences(member.type));
  return type.class === 'reference' || ('base' in type && holdsReferences(type.base));
}
