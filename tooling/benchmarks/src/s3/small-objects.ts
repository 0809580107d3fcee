import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Setting } from '../framework/setting.ts';
import { checkListing, md5Of } from '../material/check-listing.ts';
import { checkBytes } from '../material/check.ts';
import { type S3Place, S3Server } from '../material/s3-server.ts';
import { sampleBytes } from '../material/sample-bytes.ts';
import { S3Process } from './s3-process.ts';
import { type ManyObjects, keyOf } from './s3-work.ts';

const keptPrefix = 'kept';

/** Many small objects, their bytes here, as files and, where they are to be fetched, in S3. */
export class SmallObjects implements AsyncDisposable {
  readonly direction: 'put' | 'get';
  readonly server: S3Server;
  readonly place: S3Place;
  readonly bodies: readonly Buffer[];
  readonly atOnce: number;
  /** Holds the bodies as files. */
  readonly folder: string;
  readonly #setting: Setting;

  private constructor(
    { direction, atOnce }: Pick<SmallObjects, 'direction' | 'atOnce'>,
    { server, place }: Pick<SmallObjects, 'server' | 'place'>,
    setting: Setting,
  ) {
    const { count, sizeBytes = 0 } = setting.amount;
    this.direction = direction;
    this.atOnce = atOnce;
    this.server = server;
    this.place = place;
    this.bodies = Array.from({ length: count }, (_, number) => sampleBytes(sizeBytes, number));
    this.folder = setting.path('files');
    this.#setting = setting;
  }

  static async make(
    setting: Setting,
    work: Pick<SmallObjects, 'direction' | 'atOnce'>,
  ): Promise<SmallObjects> {
    const server = await S3Server.open();
    const objects = new SmallObjects(work, { server, place: await server.makeBucket() }, setting);
    await setting.makeFolder('files');
    for (const [number, body] of objects.bodies.entries()) await writeFile(objects.#path(number), body);
    if (work.direction === 'put') return objects;
    await using process = await S3Process.start('sdk', objects.place);
    await process.run({ does: 'put-many', objects: objects.many(keptPrefix) });
    return objects;
  }

  /** Where a turn finds its objects, or leaves them. */
  prefix(label: string): string {
    return this.direction === 'put' ? label : keptPrefix;
  }

  many(label: string): ManyObjects {
    const [first] = this.bodies;
    const prefix = this.prefix(label);
    return { prefix, count: this.bodies.length, sizeBytes: first?.byteLength ?? 0, atOnce: this.atOnce };
  }

  keys(label: string): readonly string[] {
    const many = this.many(label);
    return this.bodies.map((_, number) => keyOf(many, number));
  }

  makeFolder(label: string): Promise<string> {
    return this.#setting.makeFolder(`fetched-${label}`);
  }

  /** Holds what was put to its bytes, and removes it. */
  async checkStored(label: string, who: string): Promise<void> {
    const keys = this.keys(label);
    const expected = new Map(this.bodies.map((body, number) => [keys[number] ?? '', md5Of(body)]));
    checkListing(await this.server.list(this.place, `${label}/`), expected, who);
    await this.server.empty(this.place, `${label}/`);
  }

  /** Holds the files of a folder to their bytes, and removes it. */
  async checkFolder(folder: string, who: string): Promise<void> {
    for (const [number, body] of this.bodies.entries())
      checkBytes(await readFile(join(folder, nameOf(number))), body, `file ${number} of ${who}`);
    await rm(folder, { recursive: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }

  #path(number: number): string {
    return join(this.folder, nameOf(number));
  }
}

function nameOf(number: number): string {
  return keyOf({ prefix: '', count: 0, sizeBytes: 0, atOnce: 0 }, number).slice(1);
}
