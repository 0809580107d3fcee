import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Amount } from './amount.ts';
import type { SharedMaterial } from './shared-material.ts';

export interface SettingOptions {
  /** An empty folder of the benchmark's own, removed after it. */
  readonly folder: string;
  readonly amount: Amount;
  readonly shared: SharedMaterial;
  /** Tells people what is being prepared. */
  readonly say: (what: string) => void;
}

/** What a benchmark is given to prepare itself with. */
export class Setting {
  readonly folder: string;
  readonly amount: Amount;
  readonly shared: SharedMaterial;
  readonly say: (what: string) => void;

  constructor(options: SettingOptions) {
    this.folder = options.folder;
    this.amount = options.amount;
    this.shared = options.shared;
    this.say = options.say;
  }

  /** Makes a folder inside the benchmark's own and answers its path. */
  async makeFolder(name: string): Promise<string> {
    const path = join(this.folder, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}
