#!/usr/bin/env node
import nodeModule from 'node:module';
import { Interruption } from './command/interruption.ts';

const oldestNode = [22, 18] as const;

if (isNodeTooOld(process.versions.node)) {
  process.stderr.write(
    `error: holdfast needs Node.js ${oldestNode.join('.')} or newer, and this is ${process.versions.node}.\n`,
  );
  process.exitCode = 9;
} else {
  nodeModule.enableCompileCache();
  hideWarningAboutSqlite();
  const interruption = new Interruption(process);
  const { runCommandLine } = await import('./run-command-line.ts');
  const exitCode = await runCommandLine({
    arguments: process.argv.slice(2),
    workingFolder: process.cwd(),
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interruption,
  });
  process.exitCode = exitCode;
  // Whatever else is waited for, such as a reader that has gone silent, must not hold up who wants to leave.
  if (interruption.exitCode === exitCode) interruption.end();
}

function isNodeTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

/** Node 22 calls its SQLite experimental each time; it is what Holdfast is tested with. */
function hideWarningAboutSqlite(): void {
  const emitWarning = process.emitWarning.bind(process) as (...parameters: readonly unknown[]) => void;
  process.emitWarning = (...parameters: readonly unknown[]) => {
    if (!String(parameters[0]).startsWith('SQLite is an experimental feature')) emitWarning(...parameters);
  };
}
