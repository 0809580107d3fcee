/** Saves the same few contents again and again, and removes the version before, so that bytes come and go. */
import { StorageError } from '@holdfast/ports';
import { openServices } from './open-services.ts';

const [folder = '', model = '', rounds = '0'] = process.argv.slice(2);
await using services = await openServices(folder);
let previous: string | undefined;

for (let round = 0; round < Number(rounds); round++) {
  const content = Buffer.alloc(round % 2 === 0 ? 50_000 : 500, round % 3);
  const number = await saveUntilItStands(content);
  if (previous !== undefined) await services.models.deleteVersion(previous);
  previous = `${model}:${number}`;
}

/** A collector that ignores leases may take the bytes away before they are published; the answer says to try again. */
async function saveUntilItStands(content: Uint8Array): Promise<number> {
  for (;;) {
    try {
      return (await services.persistence.save(content, { name: model, format: 'binary' })).version.number;
    } catch (error) {
      if (!StorageError.isInstance(error, 'unavailable')) throw error;
    }
  }
}
