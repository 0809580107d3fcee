import type { ConfigurationIssue } from './configuration-issue.ts';
import type { Configuration } from './configuration.ts';
import { nearestSpelling } from './nearest-spelling.ts';
import { printableValue } from './printable-value.ts';
import { registryDatabaseIssues } from './registry-database.ts';
import { azureStoreIssues } from './stores/azure-store.ts';
import { databaseStoreIssues } from './stores/database-store.ts';
import { gcsStoreIssues } from './stores/gcs-store.ts';
import { mlflowStoreIssues } from './stores/mlflow-store.ts';
import { s3StoreIssues } from './stores/s3-store.ts';

/** What is wrong between the fields of a configuration whose fields are right one by one. */
export function crossFieldIssues(configuration: Configuration): readonly ConfigurationIssue[] {
  return [
    ...defaultStoreIssues(configuration),
    ...rootIssues(configuration),
    ...storeIssues(configuration),
    ...registryDatabaseIssues(configuration.database),
  ];
}

/** The rules that each backend has of its own. */
function storeIssues({ stores }: Configuration): readonly ConfigurationIssue[] {
  return Object.entries(stores).flatMap(([name, store]) => {
    if (store.backend === 'aws_s3') return s3StoreIssues(name, store);
    if (store.backend === 'azure_blob') return azureStoreIssues(name, store);
    if (store.backend === 'gcp_storage') return gcsStoreIssues(name, store);
    if (store.backend === 'database') return databaseStoreIssues(name, store, stores);
    return store.backend === 'mlflow' ? mlflowStoreIssues(name, store) : [];
  });
}

function defaultStoreIssues({ stores, defaultStore }: Configuration): readonly ConfigurationIssue[] {
  if (Object.hasOwn(stores, defaultStore)) return [];
  const allowed = Object.keys(stores);
  if (allowed.length === 0) return [{ path: 'stores', message: 'is empty: name at least one store' }];
  const nearest = nearestSpelling(defaultStore, allowed);
  const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const message = `is not the name of a store${suggestion}`;
  return [{ path: 'defaultStore', value: printableValue(defaultStore), message, allowed }];
}

/** Two stores in one folder would each take the other's files for their own. */
function rootIssues({ stores }: Configuration): readonly ConfigurationIssue[] {
  const rooted = Object.entries(stores).flatMap(([name, store]) =>
    store.backend === 'local_filesystem'
      ? [{ name, root: store.root, folder: withSeparator(store.root) }]
      : [],
  );
  return rooted.flatMap(({ name, root, folder }, index) => {
    const outer = rooted.find((other) => folder !== other.folder && folder.startsWith(other.folder));
    const same = rooted.slice(0, index).find((other) => folder === other.folder);
    const other = outer ?? same;
    if (other === undefined) return [];
    const relation = outer === undefined ? 'also' : 'inside';
    const message = `is ${relation} the folder of the store ${other.name}; a store needs one of its own`;
    return [{ path: `stores.${name}.root`, value: printableValue(root), message }];
  });
}

function withSeparator(root: string): string {
  return `${root.replaceAll('\\', '/').replace(/\/+$/, '')}/`;
}
