import { writeFile } from 'node:fs/promises';
import { s3TestKeys } from '@holdfast/tooling-services';
import type { HttpObjects } from '../bare/http-objects.ts';
import { atOnce } from '../framework/at-once.ts';
import type { Contender } from '../framework/benchmark.ts';
import { runProgram } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import type { Turn } from '../framework/turn.ts';
import { checkBytes } from '../material/check.ts';
import type { RcloneServer } from './rclone-server.ts';
import type { S3LibraryName, S3Process } from './s3-process.ts';
import type { S3Report } from './s3-work.ts';
import { signedUrls } from './signed-urls.ts';
import type { SmallObjects } from './small-objects.ts';

const names = { holdfast: 'Holdfast', sdk: 'AWS SDK' } as const;

/** A library, in a process that has been running. */
export function libraryContender(
  objects: SmallObjects,
  process: S3Process,
  { library, figure }: { readonly library: S3LibraryName; readonly figure: keyof S3Report },
): Contender {
  const isPut = objects.direction === 'put';
  return {
    name: names[library],
    run: async (turn) => {
      const does = isPut ? 'put-many' : 'get-many';
      turn.record((await process.run({ does, objects: objects.many(turn.label) }))[figure]);
      if (isPut) await objects.checkStored(turn.label, names[library]);
    },
  };
}

/** rclone, which has been running. */
export function rcloneContender(objects: SmallObjects, server: RcloneServer): Contender {
  const _config = { Transfers: objects.atOnce, Checkers: objects.atOnce };
  return programContender('rclone', objects, async ({ from, to, turn }) => {
    const spell = (end: string): string => (end.startsWith('/') ? end : `lake:${end}`);
    const ends = { srcFs: spell(from), dstFs: spell(to), _config };
    await turn.measure(async () => void (await server.call('sync/copy', ends)));
  });
}

/** The command line of AWS, from its start to its end. */
export async function awscliContender(
  objects: SmallObjects,
  program: string,
  setting: Setting,
): Promise<Contender> {
  const settings = setting.path('aws-config');
  await writeFile(settings, `[default]\ns3 =\n  max_concurrent_requests = ${objects.atOnce}\n`);
  const env = {
    ...process.env,
    AWS_CONFIG_FILE: settings,
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_ACCESS_KEY_ID: s3TestKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3TestKeys.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return programContender('awscli', objects, async ({ from, to, turn }) => {
    const spell = (end: string): string => (end.startsWith('/') ? end : `s3://${end}/`);
    const copy = ['s3', 'cp', '--recursive', '--quiet', spell(from), spell(to)];
    const parameters = ['--endpoint-url', objects.place.endpoint, ...copy];
    await turn.measure(async () => void (await runProgram(program, parameters, { env })));
  });
}

/** Bare requests to addresses that were signed before. */
export function bareContender(objects: SmallObjects, http: HttpObjects): Contender {
  const isPut = objects.direction === 'put';
  const { bodies } = objects;
  return {
    name: 'bare HTTP, signed before',
    run: async (turn) => {
      const urls = await signedUrls(objects.place, isPut ? 'PUT' : 'GET', objects.keys(turn.label));
      const found: Uint8Array[] = [];
      await turn.measure(() =>
        atOnce(bodies.length, objects.atOnce, async (number) => {
          const url = urls[number] ?? '';
          if (isPut) await http.put(url, bodies[number] as Buffer);
          else found[number] = await http.get(url);
        }),
      );
      if (isPut) await objects.checkStored(turn.label, 'bare HTTP');
      else for (const [number, body] of bodies.entries()) checkBytes(found[number], body, `object ${number}`);
    },
  };
}

/** What a program copies from where to where: one end is a folder, the other one `bucket/prefix`. */
interface Copy {
  readonly from: string;
  readonly to: string;
  readonly turn: Turn;
}

function programContender(
  name: string,
  objects: SmallObjects,
  copy: (copy: Copy) => Promise<void>,
): Contender {
  const stored = (turn: Turn): string => `${objects.place.bucket}/${objects.prefix(turn.label)}`;
  const run = async (turn: Turn): Promise<void> => {
    if (objects.direction === 'put') {
      await copy({ from: objects.folder, to: stored(turn), turn });
      return objects.checkStored(turn.label, name);
    }
    const folder = await objects.makeFolder(turn.label);
    await copy({ from: stored(turn), to: folder, turn });
    await objects.checkFolder(folder, name);
  };
  return { name, isTold: true, run };
}
