import type { Hdf5Bytes } from './hdf5-bytes.ts';

/** Where a link leads. */
export type Hdf5LinkTarget =
  | { readonly kind: 'hard'; readonly address: number }
  | { readonly kind: 'soft'; readonly path: string }
  | { readonly kind: 'external'; readonly file: string; readonly path: string }
  | { readonly kind: 'user-defined'; readonly type: number };

/** One name in a group. */
export interface NamedTarget {
  readonly name: string;
  readonly target: Hdf5LinkTarget;
}

/** Reads a link message. */
export function readLinkMessage(bytes: Hdf5Bytes): NamedTarget {
  const version = bytes.uint(1);
  if (version !== 1) throw bytes.error(`version ${version} of a link is unknown`, 0);
  const flags = bytes.uint(1);
  const type = flags & 8 ? bytes.uint(1) : 0;
  bytes.skip((flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
  const name = bytes.text(bytes.uint(2 ** (flags & 3)));
  return { name, target: targetOf(bytes, type) };
}

function targetOf(bytes: Hdf5Bytes, type: number): Hdf5LinkTarget {
  if (type === 0) return { kind: 'hard', address: bytes.dueAddress('a link') };
  const value = bytes.sub(bytes.uint(2));
  if (type === 1) return { kind: 'soft', path: value.text(value.left) };
  if (type !== 64) return { kind: 'user-defined', type };
  value.skip(1);
  return { kind: 'external', file: value.terminatedText(), path: value.terminatedText() };
}

/** A link in words. */
export function linkText(target: Hdf5LinkTarget): string {
  switch (target.kind) {
    case 'soft':
      return `soft link to ${target.path}`;
    case 'external':
      return `external link to ${target.path} in ${target.file}`;
    default:
      return 'user-defined link';
  }
}

/** The same with its article. */
export function aLink(target: Hdf5LinkTarget): string {
  return `${target.kind === 'external' ? 'an' : 'a'} ${linkText(target)}`;
}
