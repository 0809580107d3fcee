import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { s3TestKeys } from '@holdfast/tooling-services';
import { bundleExecutable } from '../framework/bundle-executable.ts';
import { type EndedProcess, runNode } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import type { S3Place } from '../material/s3-server.ts';
import { seedRegistry } from '../material/seed-registry.ts';

const secrets = { BENCH_KEY: s3TestKeys.accessKeyId, BENCH_SECRET: s3TestKeys.secretAccessKey } as const;

/** The executable in a project of its own, which mirrors its store into buckets. */
export class HoldfastMirror {
  readonly #executable: string;
  readonly #project: string;
  readonly #store: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(executable: string, project: string, store: string) {
    this.#executable = executable;
    this.#project = project;
    this.#store = store;
    const path = process.env['PATH'];
    const home = join(project, 'home');
    this.#environment = { ...secrets, PATH: path, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
  }

  static async make(setting: Setting, store: string): Promise<HoldfastMirror> {
    const executable = await bundleExecutable(setting);
    const project = await setting.makeFolder('project');
    await mkdir(join(project, 'home'));
    await seedRegistry(join(project, 'registry.db'), { models: 0, versionsPerModel: 0 });
    return new HoldfastMirror(executable, project, store);
  }

  /** Makes a bucket the target of the runs that follow. */
  async aimAt({ endpoint, bucket }: S3Place): Promise<void> {
    await writeFile(
      join(this.#project, 'holdfast.yaml'),
      `version: 1
stores:
  default: { backend: local_filesystem, root: ${JSON.stringify(this.#store)} }
  ${bucket}:
    backend: aws_s3
    bucket: ${bucket}
    endpoint: ${endpoint}
    credentials: { accessKeyId: env:BENCH_KEY, secretAccessKey: env:BENCH_SECRET }
database: { url: sqlite:registry.db }
`,
    );
  }

  /** Mirrors, from the start of the program to its end. */
  run({ bucket }: S3Place): Promise<EndedProcess> {
    return runNode([this.#executable, 'mirror', 'default', bucket], {
      cwd: this.#project,
      env: this.#environment,
    });
  }
}
