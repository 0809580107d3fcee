import type { DeleteResult, ObjectInfo, StorageAdapter } from '@holdfast/ports';
import { overriding } from './overriding.ts';

/** Equal bytes have equal etags, as in S3: a deletion by etag hits whatever has the same bytes. */
export function withEtagsOfBytes(adapter: StorageAdapter): StorageAdapter {
  const renamed = <Info extends ObjectInfo>(info: Info): Info => ({
    ...info,
    etag: info.checksum ?? info.etag,
  });
  return overriding<StorageAdapter>(adapter, {
    capabilities: { ...adapter.capabilities, etagsNameStates: false },
    put: async (...parameters) => renamed(await adapter.put(...parameters)),
    head: async (...parameters) => {
      const info = await adapter.head(...parameters);
      return info === undefined ? undefined : renamed(info);
    },
    delete: async (targets, options) => {
      const results: DeleteResult[] = [];
      for (const { key: asked, ifMatch } of targets) {
        const info = await adapter.head(asked);
        const isMeant = ifMatch === undefined || info?.checksum === ifMatch;
        const state = isMeant ? info?.etag : ifMatch;
        results.push(
          ...(await adapter.delete(
            [{ key: asked, ...(state !== undefined && { ifMatch: state }) }],
            options,
          )),
        );
      }
      return results;
    },
  });
}
