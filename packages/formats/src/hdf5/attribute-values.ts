import type { ValueAttribute } from '../value/value-attribute.ts';
import { hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Object } from './hdf5-file.ts';
import { holdsReferences, lostOfType } from './lost-of-type.ts';

/** The attributes of an object, for a writer. */
export async function attributeValues(object: Hdf5Object): Promise<readonly ValueAttribute[]> {
  const attributes = await object.attributes();
  return attributes.map((attribute) => ({
    name: attribute.name,
    lost: lostOfType(attribute.type),
    read: async () => {
      if (attribute.isNull || holdsReferences(attribute.type))
        throw hdf5Unsupported(`the attribute ${attribute.name} has no value of its own`, object.offset);
      return attribute.read();
    },
  }));
}
