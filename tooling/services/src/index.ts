export { defineService, type RunningService, type Service } from './define-service.ts';
export { freePort } from './free-port.ts';
export { pythonOracle } from './python-oracle.ts';
export { ServerProcess } from './server-process.ts';
export { strace } from './strace.ts';
