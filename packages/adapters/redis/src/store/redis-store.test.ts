import { parseObjectKey } from '@holdfast/domain';
import { expect, test } from 'vitest';
import type { RedisReply } from '../connection/redis-connection.ts';
import type { RedisConnections } from '../connection/redis-connections.ts';
import { resolveRedisOptions } from '../resolve-redis-options.ts';
import { RedisStore } from './redis-store.ts';

const key = parseObjectKey('model');
const context = { operation: 'get', backend: 'redis' } as const;
const { signal } = new AbortController();

/** A store whose server answers everything so. */
function storeOf(reply: unknown): RedisStore {
  const answer = async (): Promise<RedisReply> => reply as RedisReply;
  const connections: Pick<RedisConnections, 'send' | 'evaluate'> = { send: answer, evaluate: answer };
  const options = resolveRedisOptions({ url: 'redis://127.0.0.1:1', prefix: 'models' });
  return new RedisStore(connections as RedisConnections, options);
}

const step = { kind: 'delete', key, ifMatch: undefined, mayBeAbsent: true } as const;
const ticket = { id: 'x', isMarked: false };
const commit = (store: RedisStore): Promise<unknown> => store.commit([step], ticket, signal);
const page = (store: RedisStore): Promise<unknown> =>
  store.page({ prefix: '', delimiter: '', from: '-', pageSize: 10 }, signal);
const open = (store: RedisStore): Promise<unknown> => store.open(key, context, signal);

test.each([
  ['an outcome of a commit that no script gives', commit, ['maybe']],
  ['fewer results than steps', commit, ['done']],
  ['no list for a commit', commit, 'OK'],
  ['nothing for a commit', commit, null],
  ['no list for an object', open, 'OK'],
  ['no list for a page', page, Buffer.from('x')],
  ['no next page', page, [null, []]],
  ['an entry without a record', page, [Buffer.alloc(0), [Buffer.from('a')]]],
] as readonly (readonly [string, (store: RedisStore) => Promise<unknown>, unknown])[])(
  'refuses %s',
  async (_what, ask, reply) => {
    await expect(ask(storeOf(reply))).rejects.toMatchObject({
      failure: { code: 'invalid-configuration', mayHaveHappened: true },
    });
  },
);
