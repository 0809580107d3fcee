import { createHash } from 'node:crypto';
import { type DiskImage, walkImage } from './disk-image.ts';

/** What is in an image, line by line: equal images have equal texts. */
export function describeImage(image: DiskImage): string {
  const lines = [...walkImage(image)].map(({ path, node, isFolder }) =>
    isFolder ? `${path}/` : `${path} ${hashOf(image.files.get(node))}`,
  );
  return lines.join('\n');
}

const hashes = new WeakMap<Buffer, string>();

function hashOf(bytes: Buffer | undefined): string {
  const known = bytes === undefined ? '' : hashes.get(bytes);
  if (bytes === undefined || known !== undefined) return known ?? '';
  const hash = `${createHash('sha1').update(bytes).digest('hex')} (${bytes.byteLength} bytes)`;
  hashes.set(bytes, hash);
  return hash;
}
