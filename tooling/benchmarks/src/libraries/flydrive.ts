import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { type Library, holdsNothing } from './library.ts';

/** Plain files under their names, neither hashed nor replaced in one step. */
export async function openFlydrive(folder: string): Promise<Library> {
  const disk = new Disk(new FSDriver({ location: folder, visibility: 'private' }));
  return {
    name: 'flydrive',
    put: (name, bytes) => disk.put(name, bytes),
    get: (name) => disk.getBytes(name),
    remove: (name) => disk.delete(name),
    ...holdsNothing,
  };
}
