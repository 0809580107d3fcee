import { defineService } from '../src/define-service.ts';

const program = `
  require('node:http').createServer((_, response) => response.end()).listen(Number(process.argv[1]), '127.0.0.1');
`;

const service = await defineService({
  name: 'a server whose owner is killed',
  variable: 'HOLDFAST_TEST_NO_SUCH_SERVER',
  find: () => process.execPath,
  install: async () => {},
  start: ({ port }) => ({
    arguments: ['-e', program, String(port)],
    address: `http://127.0.0.1:${port}`,
    isReady: async () => (await fetch(`http://127.0.0.1:${port}`)).ok,
  }),
}).open();
process.stdout.write(JSON.stringify({ address: service?.address, folder: service?.folder }));
setInterval(() => undefined, 1_000);
