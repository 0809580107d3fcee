import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Store } from './hdf5-store.ts';

/** The types of messages that are read. */
export const messageTypes = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  oldFill: 4,
  fill: 5,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbolTable: 17,
  attributeInfo: 21,
} as const;

/** One message of an object header. */
export interface HeaderMessage {
  readonly type: number;
  readonly body: Hdf5Bytes;
  /** Whether the body only says where the message is. */
  readonly isShared: boolean;
}

/** A part of a header: its messages, without what frames them. */
interface Part {
  readonly bytes: Hdf5Bytes;
  readonly version: 1 | 2;
  readonly hasOrder: boolean;
}

/**
 * The messages of an object.
 *
 * @throws FormatError when the header is broken, or continues in itself.
 */
export async function readObjectHeader(store: Hdf5Store, address: number): Promise<readonly HeaderMessage[]> {
  const first = await firstPart(store, address);
  const parts = [first];
  const visited = new Set([address]);
  const messages: HeaderMessage[] = [];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    for (const message of messagesOf(part)) {
      if (message.type !== messageTypes.continuation) {
        messages.push(message);
        continue;
      }
      const next = message.body.dueAddress('a continuation');
      if (visited.has(next)) throw message.body.error('an object header continues in itself', 0);
      visited.add(next);
      parts.push(await continued(store, { address: next, length: message.body.length() }, part));
    }
  }
  return messages;
}

/** The body of a message, wherever it is stored. */
export async function messageBody(store: Hdf5Store, message: HeaderMessage): Promise<Hdf5Bytes> {
  if (!message.isShared) return message.body;
  return sharedBody(store, message.body, message.type);
}

/** The body of a message that is stored in another object: a committed type. */
export async function sharedBody(store: Hdf5Store, place: Hdf5Bytes, type: number): Promise<Hdf5Bytes> {
  const version = place.uint(1);
  const kind = place.uint(1);
  if (version === 0 || version > 3) throw place.error(`version ${version} of a shared message is unknown`, 0);
  if (version === 3 && kind === 1)
    throw hdf5Unsupported(
      'a message is stored in the table of shared messages, which is not read',
      place.start,
    );
  if (version === 1) place.skip(6);
  const address = place.dueAddress('a shared message');
  const messages = await readObjectHeader(store, address);
  const found = messages.find((message) => message.type === type && !message.isShared);
  if (found === undefined) throw hdf5Error('a shared message is missing', store.offsetOf(address));
  return found.body;
}

async function firstPart(store: Hdf5Store, address: number): Promise<Part> {
  const head = await store.upTo(address, 8, 34);
  if (head.bytes[0] !== 0x4f) return firstPart1(store, address);
  head.expect('OHDR', 2);
  const flags = head.uint(1);
  head.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const sizeBytes = head.uint(2 ** (flags & 3));
  const whole = await store.checked(address, head.at + sizeBytes);
  const bytes = whole.skip(head.at).sub(sizeBytes);
  return { bytes, version: 2, hasOrder: (flags & 4) !== 0 };
}

async function firstPart1(store: Hdf5Store, address: number): Promise<Part> {
  const head = await store.block(address, 16);
  const version = head.uint(1);
  if (version !== 1) throw head.error('no object header is stored here', 0);
  head.skip(7);
  const sizeBytes = head.uint(4);
  return { bytes: await store.block(address + 16, sizeBytes), version: 1, hasOrder: false };
}

async function continued(
  store: Hdf5Store,
  { address, length }: { readonly address: number; readonly length: number },
  part: Part,
): Promise<Part> {
  if (part.version === 1) return { ...part, bytes: await store.block(address, length) };
  store.check(address, length);
  if (length < 8) throw hdf5Error('a continuation is too short', store.offsetOf(address));
  const whole = await store.checked(address, length - 4);
  const signature = String.fromCharCode(...whole.take(4));
  if (signature !== 'OCHK') throw whole.error('a structure OCHK is expected here', 0);
  return { ...part, bytes: whole.sub(whole.left) };
}

function* messagesOf({ bytes, version, hasOrder }: Part): Generator<HeaderMessage> {
  const prefix = version === 1 ? 8 : hasOrder ? 6 : 4;
  while (bytes.left >= prefix) {
    const type = bytes.uint(version === 1 ? 2 : 1);
    const sizeBytes = bytes.uint(2);
    const flags = bytes.uint(1);
    bytes.skip(version === 1 ? 3 : hasOrder ? 2 : 0);
    if ((flags & 0x08) !== 0 && type > 24)
      throw hdf5Unsupported(
        `a message of type ${type} must be understood and is unknown`,
        bytes.start + bytes.at,
      );
    const body = bytes.sub(sizeBytes);
    if (type !== 0) yield { type, body, isShared: (flags & 2) !== 0 };
  }
}
