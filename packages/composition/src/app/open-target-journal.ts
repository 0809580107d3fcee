import { join } from 'node:path';
import type { TargetJournal } from '@holdfast/registry';

/** The journal of this machine's user, who may run several programs at once. */
export async function openTargetJournal(cacheFolder: string): Promise<TargetJournal> {
  const [{ TargetJournal: Journal }, kit] = await Promise.all([
    import('@holdfast/registry'),
    import('@holdfast/adapter-kit'),
  ]);
  return new Journal({
    folder: join(cacheFolder, 'targets'),
    owner: kit.printIdentity(kit.ownIdentity()),
    hasEnded: (name) => {
      const owner = kit.parseIdentity(name);
      return owner !== undefined && kit.whyDead(owner) !== undefined;
    },
  });
}
