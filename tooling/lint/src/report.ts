/** Something that breaks a rule, and where. */
export interface Finding {
  readonly path: string;
  readonly problem: string;
}

/** Prints what a check found and sets the exit code. */
export function report(check: string, findings: readonly Finding[]): void {
  for (const { path, problem } of findings) console.error(`${path}: ${problem}`);
  if (findings.length > 0) process.exitCode = 1;
  console.log(`${check}: ${findings.length === 0 ? 'fine' : `${findings.length} to mend`}`);
}
