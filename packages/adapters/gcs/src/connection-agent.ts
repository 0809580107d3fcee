import { type Agent, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { notConnected } from './to-storage-error.ts';

/** How connections are kept and awaited. */
export interface ConnectionAgentOptions {
  /** Most at once. */
  readonly poolSize: number;
  /** How long one may take to stand. */
  readonly connectMs: number;
}

/** Makes an agent that keeps connections open, so many at most, and gives up those that do not stand in time. */
export function connectionAgent(endpoint: string, { poolSize, connectMs }: ConnectionAgentOptions): Agent {
  const settings = { keepAlive: true, maxSockets: poolSize };
  const agent: Agent = endpoint.startsWith('https:') ? new HttpsAgent(settings) : new HttpAgent(settings);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback) as Socket;
    const timer = setTimeout(() => socket.destroy(notConnected(connectMs)), connectMs);
    for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
    return socket;
  };
  return agent;
}
