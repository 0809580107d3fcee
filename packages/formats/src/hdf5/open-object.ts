import { checkText } from '../value/check-value.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Group, Hdf5Link, Hdf5Object } from './hdf5-file.ts';
import { aLink } from './hdf5-link.ts';
import { hdf5TypeText } from './hdf5-type.ts';
import { openDataset } from './open-dataset.ts';
import type { OpenFile } from './open-file.ts';
import { readAttributes } from './read-attributes.ts';
import { readDatatype } from './read-datatype.ts';
import { readLinks } from './read-links.ts';
import { type HeaderMessage, messageTypes, readObjectHeader } from './read-object-header.ts';

const groupMessages: ReadonlySet<number> = new Set([
  messageTypes.symbolTable,
  messageTypes.linkInfo,
  messageTypes.link,
]);

/**
 * Opens the object with a header at an address.
 *
 * @throws FormatError when the header is broken, or is that of no known object.
 */
export async function openObject(
  file: OpenFile,
  place: { readonly address: number; readonly path: string },
): Promise<Hdf5Object> {
  const { store, heap } = file;
  const messages = await readObjectHeader(store, place.address);
  const common = {
    ...place,
    offset: store.offsetOf(place.address),
    attributes: () => readAttributes(store, messages, heap),
  };
  const has = (type: number): boolean => messages.some((message) => message.type === type);
  if (has(messageTypes.layout)) return openDataset(file, messages, common);
  if (messages.some(({ type }) => groupMessages.has(type))) return group(file, messages, common);
  const type = messages.find((message) => message.type === messageTypes.datatype);
  if (type !== undefined && !type.isShared) {
    const named = readDatatype(type.body);
    return { ...common, kind: 'type', type: named, typeText: hdf5TypeText(named) };
  }
  throw hdf5Error('an object is neither a group nor a dataset nor a type', store.offsetOf(place.address));
}

function group(
  file: OpenFile,
  messages: readonly HeaderMessage[],
  common: Pick<Hdf5Group, 'path' | 'address' | 'offset' | 'attributes'>,
): Hdf5Group {
  let known: Promise<ReadonlyMap<string, Hdf5Link>> | undefined;
  const links = (): Promise<ReadonlyMap<string, Hdf5Link>> =>
    (known ??= readLinks(file.store, messages).then(
      (names) => new Map(names.map((link) => [link.name, link])),
    ));
  const self: Hdf5Group = {
    ...common,
    kind: 'group',
    links: async () => [...(await links()).values()],
    open: async (path) => {
      checkText(path, 'path');
      const [name, ...rest] = path.split('/').filter((part) => part !== '');
      if (name === undefined) return self;
      const link = (await links()).get(name);
      if (link === undefined) return undefined;
      const { target } = link;
      const innerPath = `${common.path === '/' ? '' : common.path}/${name}`;
      if (target.kind !== 'hard')
        throw hdf5Unsupported(
          `${innerPath} is ${aLink(target)}, which is not followed`,
          0,
          target.kind === 'soft' ? `Open ${target.path}.` : undefined,
        );
      const object = await openObject(file, { address: target.address, path: innerPath });
      if (rest.length === 0) return object;
      return object.kind === 'group' ? object.open(rest.join('/')) : undefined;
    },
  };
  return self;
}
