import type { ConfigurationIssue } from './configuration-issue.ts';
import type { Configuration, StoreConfiguration } from './configuration.ts';
import { printableValue } from './printable-value.ts';

/** What only the store layout knows. */
const storeLayoutFields = ['inlineLimitBytes', 'busyTimeoutMs', 'medium'] as const;

/** Names the fields that were given to plain stores and mean nothing there. */
export function plainLayoutIssues({ stores }: Configuration, input: unknown): readonly ConfigurationIssue[] {
  const given = (input as { readonly stores: Readonly<Record<string, Readonly<Record<string, unknown>>>> })
    .stores;
  return Object.keys(stores)
    .filter((name) => isPlain(stores[name]))
    .flatMap((name) =>
      storeLayoutFields
        .filter((field) => given[name]?.[field] !== undefined)
        .map((field) => ({
          path: `stores.${name}.${field}`,
          value: printableValue(given[name]?.[field]),
          message: 'means nothing with layout: plain, which has no index',
        })),
    );
}

/** Takes the defaults of these fields away again. */
export function withoutStoreLayoutFields(configuration: Configuration): Configuration {
  const stores = Object.entries(configuration.stores).map(([name, store]) => [
    name,
    isPlain(store) ? plain(store) : store,
  ]);
  return { ...configuration, stores: Object.fromEntries(stores) as Configuration['stores'] };
}

function isPlain(store: StoreConfiguration | undefined): store is StoreConfiguration {
  return store?.backend === 'local_filesystem' && store.layout === 'plain';
}

function plain(store: StoreConfiguration): object {
  const isLeftOut = (field: string): boolean => storeLayoutFields.some((name) => name === field);
  return Object.fromEntries(Object.entries(store).filter(([field]) => !isLeftOut(field)));
}
