/** Where a server of Redis listens. */
export type RedisAddress = (
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly isEncrypted: boolean }
) & { readonly database: number };

const usualPort = 6_379;
const example = 'redis://host:6379/0, rediss://host:6379 or unix:///path';

/** Reads an address, or answers the sentence that says why it is none; no part that may be a secret is in it. */
export function parseRedisUrl(url: string): RedisAddress | string {
  if (!URL.canParse(url)) return `A url is none of Redis: write it as ${example}`;
  const { protocol, username, password, hostname, port, pathname, search, hash } = new URL(url);
  if (`${username}${password}` !== '') {
    return 'A url holds a user or a password: give them as credentials, by reference';
  }
  if (`${search}${hash}` !== '') return `A url has a query or a fragment: write it as ${example}`;
  if (protocol === 'unix:') {
    return hostname === '' && pathname.length > 1
      ? { path: decodeURIComponent(pathname), database: 0 }
      : 'The url of a socket is unix:// and its whole path, such as unix:///run/redis/redis.sock';
  }
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    return `A url is none of Redis: write it as ${example}`;
  const database = /^\/?(\d*)$/.exec(pathname)?.[1];
  if (hostname === '' || database === undefined)
    return `A url has no host, or more than a number behind it: write it as ${example}`;
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? usualPort : Number(port),
    isEncrypted: protocol === 'rediss:',
    database: Number(database),
  };
}

/** The node that a cluster names instead of another one: `host:port`, where an empty host is that of the other. */
export function otherNode(from: RedisAddress, named: string): RedisAddress | undefined {
  const [, host = '', port] = /^(.*):(\d+)(?:@\d+)?$/.exec(named) ?? [];
  if (port === undefined) return undefined;
  const before = 'host' in from ? from : { host: '127.0.0.1', isEncrypted: false };
  return { host: host || before.host, port: Number(port), isEncrypted: before.isEncrypted, database: 0 };
}
