import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..', '..');
const tools = join(repository, 'node_modules', '.bin');

const realConfiguration = [
  'oxlint.config.ts',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'tsconfig.test.json',
  'turbo.json',
  'tooling/lint',
  'tooling/tsconfig',
];

/** What a tool said. */
export interface ToolResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly output: string;
}

/** A repository in the temporary folder with the real configuration and packages that break its rules. */
export class CanaryWorkspace implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'holdfast-canary-'));

  constructor() {
    for (const path of realConfiguration) {
      const filter = (source: string): boolean => !source.includes('node_modules', repository.length);
      cpSync(join(repository, path), join(this.folder, path), { recursive: true, filter });
    }
    mkdirSync(join(this.folder, 'node_modules'));
    for (const name of ['@types', 'oxlint', 'vitest']) {
      symlinkSync(
        join(repository, 'node_modules', name),
        join(this.folder, 'node_modules', name),
        'junction',
      );
    }
  }

  /** Writes a file, and the folders that it lies in. */
  write(path: string, content: string | object): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }

  /** Runs one of the repository's tools over these packages. */
  run(tool: string, toolArguments: readonly string[]): ToolResult {
    const { status, stdout, stderr } = spawnSync(join(tools, tool), toolArguments, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: [tools, process.env['PATH']].join(delimiter),
        DO_NOT_TRACK: '1',
        TURBO_TELEMETRY_DISABLED: '1',
        TURBO_NO_UPDATE_NOTIFIER: '1',
      },
    });
    return { exitCode: status, stdout, output: stdout + stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
