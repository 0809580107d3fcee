import { chmod, mkdir, mkdtemp, open, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ObjectKey } from '@holdfast/domain';
import { sampleClassifier } from '@holdfast/formats';
import { AppSession } from '../../command/app-session.ts';
import type { CommandContext } from '../../command/command-context.ts';
import { CommandError } from '../../failure/command-error.ts';

const sampleSeed = 2026;

/** The folder that the tour works in, with its sample data. */
export class QuickstartFolder {
  readonly path: string;
  readonly #context: CommandContext;

  private constructor(path: string, context: CommandContext) {
    this.path = path;
    this.#context = context;
  }

  /** Makes the folder and the sample data: a small classifier, the same bytes on every machine. */
  static async create(chosen: string | undefined, context: CommandContext): Promise<QuickstartFolder> {
    const path = await (chosen === undefined
      ? mkdtemp(join(tmpdir(), 'holdfast-quickstart-'))
      : makeEmpty(resolve(context.workingFolder, chosen)));
    const { onnx, safetensors } = sampleClassifier(sampleSeed);
    await writeFile(join(path, 'model.onnx'), onnx);
    await writeFile(join(path, 'weights.safetensors'), safetensors);
    return new QuickstartFolder(path, context);
  }

  /** The environment without what the user configured: the tour is to touch nothing but its folder. */
  get environment(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(
      Object.entries(this.#context.environment).filter(([name]) => !name.startsWith('HOLDFAST_')),
    );
  }

  /** @throws Error when the two files differ. */
  async assertSameBytes(left: string, right: string): Promise<void> {
    const [a, b] = await Promise.all([readFile(join(this.path, left)), readFile(join(this.path, right))]);
    if (!a.equals(b)) throw new Error(`${left} and ${right} differ`);
  }

  /** Turns over one bit in the stored bytes of a model's newest version, behind the store's back. */
  async flipBit(name: string): Promise<string> {
    const { environment, path: workingFolder } = this;
    await using session = new AppSession({
      workingFolder,
      environment,
      flags: {},
      signal: this.#context.signal,
      output: this.#context.output,
    });
    const app = await session.openApp();
    const [models, storage] = await Promise.all([app.models(), app.storage()]);
    const { storage: stored } = await models.findVersion(name);
    const file = await storage.adapter(stored.storeName).localPath?.(stored.storagePath as ObjectKey);
    if (file === undefined) throw new Error('the store has no file for the sample');
    const offset = stored.sizeBytes >> 1;
    await flipBitAt(file, offset);
    return `Flipped one bit of byte ${offset} in ${file}`;
  }
}

async function makeEmpty(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length === 0) return path;
  throw new CommandError({
    code: 'already-exists',
    message: `${path} is not empty.`,
    hint: 'Name a new folder, or leave out --folder.',
    details: { path },
  });
}

async function flipBitAt(path: string, offset: number): Promise<void> {
  await chmod(path, 0o644);
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, offset);
    await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, offset);
  } finally {
    await file.close();
    await chmod(path, 0o444);
  }
}
