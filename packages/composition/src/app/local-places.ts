import type { Configuration } from '@holdfast/contracts';
import type { LocalPlaces } from '@holdfast/registry';

/** Where the stores and databases of a configuration keep their files on this machine. */
export function localPlaces({ stores, database }: Configuration): LocalPlaces {
  const configured = Object.values(stores);
  const roots = configured.flatMap((store) => (store.backend === 'local_filesystem' ? [store] : []));
  const urls = configured.flatMap((store) => (store.backend === 'database' ? [store.url] : []));
  return {
    stores: roots.flatMap(({ layout, root }) => (layout === 'plain' ? [] : [root])),
    plainStores: roots.flatMap(({ layout, root }) => (layout === 'plain' ? [root] : [])),
    databases: [database.url, ...urls].flatMap(sqliteFiles),
  };
}

function sqliteFiles(url: string): readonly string[] {
  const path = /^sqlite:(?:\/\/(?=\/))?(?!:memory:$)(.+)$/.exec(url)?.[1];
  return path === undefined ? [] : [path];
}
