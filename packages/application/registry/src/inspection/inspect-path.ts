import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FormatInspection } from '@holdfast/formats';
import { FileRangeSource } from '@holdfast/storage';
import { OwnPlaces } from '../own-places.ts';
import { walkFolder } from '../walk-folder.ts';
import { Inspector, type InspectorRequest } from './inspector.ts';
import { LocalFolder } from './local-folder.ts';

export interface InspectPathOptions extends Omit<InspectorRequest, 'path'> {
  /** @default one with the standard formats */
  readonly inspector?: Inspector | undefined;
}

/**
 * Looks into a local file or folder as `put` does before it saves it: without loading weights, and
 * without executing anything.
 *
 * @throws FormatError when the bytes are broken, or are not in the format that was asked for.
 * @throws what `walkFolder` throws for a folder with something that cannot be stored, and the system's errors.
 */
export async function inspectPath(path: string, options: InspectPathOptions = {}): Promise<FormatInspection> {
  const { inspector = new Inspector(), ...request } = options;
  const named = { ...request, path: basename(path) };
  if ((await stat(path)).isDirectory()) {
    await using folder = new LocalFolder(
      (await walkFolder(path, { own: await OwnPlaces.resolve({}), followLinks: true, purpose: 'inspected' }))
        .files,
    );
    return await inspector.inspectFolder(folder, named);
  }
  await using file = await FileRangeSource.open(path);
  return await inspector.inspectFile(file, { ...named, location: path });
}
