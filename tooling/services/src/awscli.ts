import { defineTool, type Tool } from './define-tool.ts';
import { PythonEnvironment } from './python-environment.ts';

const environment = new PythonEnvironment('awscli', { requirements: 'awscli.txt' });

/** The command line of AWS: a peer of the benchmarks, which install it when they need it. */
export const awscli: Tool = defineTool({
  name: 'awscli',
  variable: 'HOLDFAST_BENCH_AWSCLI',
  find: () => environment.program('aws'),
  install: () => environment.install(),
});
