export { bindfs } from './bindfs.ts';
export { defineService, type RunningService, type Service } from './define-service.ts';
export { privateMounts } from './private-mounts.ts';
export { pythonOracle } from './python-oracle.ts';
export { strace } from './strace.ts';
