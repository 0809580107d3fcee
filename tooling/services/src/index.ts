export { defineService, type RunningService, type Service } from './define-service.ts';
export { pythonOracle } from './python-oracle.ts';
export { strace } from './strace.ts';
