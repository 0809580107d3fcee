import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { ConnectTimeoutError } from './connect-timeout-error.ts';

interface PoolOptions {
  /** Most connections at once. */
  readonly poolSize: number;
  /** How long a connection, encryption included, may take. */
  readonly connectMs: number;
}

/** Connections that are kept and shared, and given up when they do not stand in time. */
export function pooledAgent(protocol: string, { poolSize, connectMs }: PoolOptions): HttpAgent {
  const isEncrypted = protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: poolSize };
  const agent = isEncrypted ? new HttpsAgent(settings) : new HttpAgent(settings);
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback);
    const timer = setTimeout(() => socket?.destroy(new ConnectTimeoutError(connectMs)), connectMs);
    const stop = (): void => clearTimeout(timer);
    socket?.once(isEncrypted ? 'secureConnect' : 'connect', stop).once('close', stop);
    return socket;
  };
  return agent;
}
