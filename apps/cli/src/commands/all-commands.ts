import type { CommandDeclaration } from '../command/command-declaration.ts';
import { aliasCommand } from './alias/alias-command.ts';
import { backupCommand } from './backup/backup-command.ts';
import { completionCommand } from './completion/completion-command.ts';
import { configCommand } from './config/config-command.ts';
import { convertCommand } from './convert/convert-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { experimentCommand } from './experiment/experiment-command.ts';
import { gcCommand } from './gc/gc-command.ts';
import { getCommand } from './get/get-command.ts';
import { initCommand } from './init/init-command.ts';
import { inspectCommand } from './inspect/inspect-command.ts';
import { lsCommand } from './ls/ls-command.ts';
import { migrateCommand } from './migrate/migrate-command.ts';
import { mirrorCommand } from './mirror/mirror-command.ts';
import { putCommand } from './put/put-command.ts';
import { quickstartCommand } from './quickstart/quickstart-command.ts';
import { registryCommand } from './registry/registry-command.ts';
import { restoreCommand } from './restore/restore-command.ts';
import { rmCommand } from './rm/rm-command.ts';
import { runCommand } from './run/run-command.ts';
import { showCommand } from './show/show-command.ts';
import { signalsCommand } from './signals/signals-command.ts';
import { storeCommand } from './store/store-command.ts';
import { tagCommand } from './tag/tag-command.ts';
import { verifyCommand } from './verify/verify-command.ts';

/** Every command, in the order of the help. */
export const allCommands: readonly CommandDeclaration[] = [
  putCommand,
  getCommand,
  lsCommand,
  showCommand,
  aliasCommand,
  tagCommand,
  rmCommand,
  inspectCommand,
  convertCommand,
  signalsCommand,
  experimentCommand,
  runCommand,
  verifyCommand,
  mirrorCommand,
  storeCommand,
  gcCommand,
  backupCommand,
  restoreCommand,
  registryCommand,
  doctorCommand,
  migrateCommand,
  quickstartCommand,
  initCommand,
  configCommand,
  completionCommand(() => allCommands),
];
