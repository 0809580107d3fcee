import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonOracle } from '@holdfast/tooling-services';

const run = promisify(execFile);

const preamble = `
import sys, time, numpy as np, scipy.io
from safetensors import safe_open
from safetensors.numpy import save_file
path = sys.argv[1]
`;

/**
 * Runs Python in the environment of the oracles.
 *
 * @throws Error when there is none.
 */
export async function inPython(program: string, parameters: readonly string[]): Promise<string> {
  const python = pythonOracle();
  if (python === undefined) throw new Error('The Python of the oracles is missing: run npm test once.');
  const { stdout } = await run(python, ['-I', '-c', `${preamble}\n${program}`, ...parameters]);
  return stdout;
}

/** How long work on a file takes in Python, in milliseconds: done in two rows of rounds, of which the second is timed. */
export async function timedInPython(
  work: string,
  { path, rounds }: { readonly path: string; readonly rounds: number },
): Promise<number> {
  const program = `
a = np.load(path) if path.endswith('.npy') else None
for _ in range(2):
    begin = time.perf_counter()
    for _ in range(${rounds}):
        result = None
        result = ${work}
    end = time.perf_counter()
    del result
print((end - begin) * 1000 / ${rounds})`;
  return Number(await inPython(program, [path]));
}
