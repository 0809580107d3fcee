import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';
import type { ListOptions, StorageAdapter } from '@holdfast/ports';

export function openPlain(root: string): FilesystemStorageAdapter {
  return new FilesystemStorageAdapter({ root, layout: 'plain', durability: 'none' });
}

export function key(text: string): ObjectKey {
  return text as ObjectKey;
}

export async function keysOf(adapter: StorageAdapter, options?: ListOptions): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { objects } of adapter.list(options)) keys.push(...objects.map((info) => info.key));
  return keys;
}

export async function textOf(adapter: StorageAdapter, name: string): Promise<string | undefined> {
  await using reader = await adapter.get(key(name));
  if (reader === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
