import { execFileSync } from 'node:child_process';

/** Runs a Python program that reads JSON from its standard input and prints JSON. */
export function askPython(python: string, program: string, question: unknown): unknown {
  const answer = execFileSync(python, ['-I', '-c', program], {
    input: JSON.stringify(question),
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(answer.toString());
}
