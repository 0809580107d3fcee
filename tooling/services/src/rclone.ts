import { defineTool, type Tool } from './define-tool.ts';
import { findGoProgram, installGoProgram } from './go-program.ts';

const program = { name: 'rclone', module: 'github.com/rclone/rclone', version: 'v1.76.0' } as const;

/** rclone: a peer of the benchmarks, which build it when they need it; that takes minutes. */
export const rclone: Tool = defineTool({
  name: 'rclone',
  variable: 'HOLDFAST_BENCH_RCLONE',
  find: () => findGoProgram(program),
  install: () => installGoProgram(program),
});
