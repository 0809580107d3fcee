export { allCommands } from './commands/all-commands.ts';
export type {
  ArgumentDeclaration,
  CommandDeclaration,
  CommandExample,
  Completion,
  OptionDeclaration,
} from './command/command-declaration.ts';
export { ExitCode } from './failure/exit-code.ts';
export { type FailureCode, exitCodeOf } from './failure/failure-code.ts';
export { type ProcessSurroundings, runCommandLine } from './run-command-line.ts';
