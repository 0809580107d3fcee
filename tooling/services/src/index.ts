export { bindfs } from './bindfs.ts';
export { defineService, type RunningService, type Service } from './define-service.ts';
export { moto } from './moto.ts';
export { privateMounts } from './private-mounts.ts';
export { pythonOracle } from './python-oracle.ts';
export { s3TestKeys } from './s3-test-keys.ts';
export { strace } from './strace.ts';
export { versitygw } from './versitygw.ts';
