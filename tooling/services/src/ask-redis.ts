import { once } from 'node:events';
import { connect } from 'node:net';

/** Asks a server of Redis one thing, in the words of its own console, and answers what it sends back. */
export async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => {
    answer += String(bytes);
  });
  socket.write(`${command}\r\nQUIT\r\n`);
  await once(socket, 'close');
  return answer;
}
