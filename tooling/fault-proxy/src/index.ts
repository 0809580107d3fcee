export { FaultProxy, type Fault } from './fault-proxy.ts';
