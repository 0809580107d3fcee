import type { LazyValue } from '../value/lazy-value.ts';
import type { Lost, ValueGroup } from '../value/value-attribute.ts';
import type { ValueFormat } from './open-values.ts';

/** What a file holds beside its values. */
export interface BesideValues {
  readonly metadata: { readonly [key: string]: string };
  readonly groups: readonly ValueGroup[];
}

/** Reports what a format without attributes does not keep of values, groups and metadata. */
export async function reportLost(
  format: Exclude<ValueFormat, 'hdf5'>,
  { values, metadata, groups }: BesideValues & { readonly values: readonly LazyValue[] },
  onLost: (lost: Lost) => void,
): Promise<void> {
  const keepsMetadata = format === 'safetensors';
  for (const { path, attributes } of groups)
    for (const { name } of await attributes()) {
      const isKept = keepsMetadata && path === '' && Object.hasOwn(metadata, name);
      if (!isKept) onLost({ name: path === '' ? '/' : path, what: `attribute ${name}` });
    }
  if (!keepsMetadata && groups.length === 0)
    for (const key of Object.keys(metadata)) onLost({ name: '/', what: `metadata ${key}` });
  for (const value of values)
    for (const { name } of (await value.attributes?.()) ?? [])
      onLost({ name: value.name, what: `attribute ${name}` });
}
