import { hash } from 'node:crypto';
import type { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { ObjectKey } from '@holdfast/domain';

/** One change of a store. */
export type CrashStep =
  | {
      readonly kind: 'put';
      readonly key: string;
      readonly sizeBytes: number;
      readonly fill: number;
      readonly mode?: 'create';
    }
  | { readonly kind: 'late'; readonly key: string; readonly sizeBytes: number; readonly fill: number }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'path'; readonly key: string };

/** Every kind of write, onto nothing and onto something; in the store layout over bytes in files and in the index. */
export const crashSteps: Readonly<Record<'store' | 'plain', readonly CrashStep[]>> = {
  store: [
    { kind: 'put', key: 'large', sizeBytes: 100_000, fill: 1 },
    { kind: 'put', key: 'small', sizeBytes: 100, fill: 2 },
    { kind: 'put', key: 'large', sizeBytes: 120_000, fill: 3 },
    { kind: 'put', key: 'small', sizeBytes: 200, fill: 4 },
    { kind: 'copy', from: 'large', to: 'copy of large' },
    { kind: 'copy', from: 'small', to: 'large' },
    { kind: 'put', key: 'small', sizeBytes: 90_000, fill: 5 },
    { kind: 'path', key: 'large' },
    { kind: 'delete', key: 'copy of large' },
    { kind: 'delete', key: 'small' },
  ],
  plain: [
    { kind: 'put', key: 'a/b/large', sizeBytes: 100_000, fill: 1, mode: 'create' },
    { kind: 'put', key: 'small', sizeBytes: 100, fill: 2 },
    { kind: 'put', key: 'a/b/large', sizeBytes: 120_000, fill: 3 },
    { kind: 'copy', from: 'small', to: 'a/copy' },
    { kind: 'late', key: 'late/key', sizeBytes: 1_000, fill: 4 },
    { kind: 'copy', from: 'a/b/large', to: 'a/copy' },
    { kind: 'delete', key: 'a/b/large' },
    { kind: 'delete', key: 'late/key' },
    { kind: 'put', key: 'late', sizeBytes: 0, fill: 5, mode: 'create' },
    { kind: 'path', key: 'small' },
  ],
};

/** The contents of a store: the digest of each key's bytes. */
export type Contents = ReadonlyMap<string, string>;

/** The contents after each number of steps, the empty store first. */
export function contentsAfter(steps: readonly CrashStep[]): readonly Contents[] {
  const states: Contents[] = [new Map()];
  for (const step of steps) states.push(applyStep(states.at(-1) ?? new Map(), step));
  return states;
}

/** What a step makes of a store's contents. */
export function applyStep(contents: Contents, step: CrashStep): Contents {
  const next = new Map(contents);
  if (step.kind === 'put' || step.kind === 'late') next.set(step.key, digestOf(bodyOf(step)));
  if (step.kind === 'copy') next.set(step.to, next.get(step.from) ?? '');
  if (step.kind === 'delete') next.delete(step.key);
  return next;
}

export async function runStep(adapter: FilesystemStorageAdapter, step: CrashStep): Promise<void> {
  if (step.kind === 'put')
    await adapter.put(step.key as ObjectKey, bodyOf(step), { mode: step.mode ?? 'overwrite' });
  if (step.kind === 'late') await adapter.put(() => step.key as ObjectKey, bodyOf(step));
  if (step.kind === 'copy') await adapter.copy(step.from as ObjectKey, step.to as ObjectKey);
  if (step.kind === 'path') await adapter.localPath(step.key as ObjectKey);
  if (step.kind !== 'delete') return;
  const [result] = await adapter.delete([{ key: step.key as ObjectKey }]);
  if (result !== undefined && 'error' in result) throw result.error;
}

/** Reads a whole store; every body is hashed, not taken at its record's word. */
export async function readContents(adapter: FilesystemStorageAdapter): Promise<Contents> {
  const contents = new Map<string, string>();
  for await (const page of adapter.list()) {
    for (const { key } of page.objects) {
      await using reader = await adapter.get(key);
      const chunks: Buffer[] = [];
      for await (const chunk of reader?.body ?? []) chunks.push(Buffer.from(chunk));
      contents.set(key, digestOf(Buffer.concat(chunks)));
    }
  }
  return contents;
}

function bodyOf(step: CrashStep & { readonly kind: 'put' | 'late' }): Buffer {
  return Buffer.alloc(step.sizeBytes, step.fill);
}

function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
