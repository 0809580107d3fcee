/** Saves the same few contents again and again, and removes the version before, so that bytes come and go; tells how many operations that were. */
import { hash } from 'node:crypto';
import type { ModelVersion } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { openServices } from './open-services.ts';

const [folder = '', model = '', rounds = '0'] = process.argv.slice(2);
await using services = await openServices(folder, { longestPauseMs: 25 });
const group = hash('sha256', model, 'buffer').readUInt8(0) % 3;
let previous: ModelVersion | undefined;
let operations = 0;

for (let round = 0; round < Number(rounds); round++) {
  const content = Buffer.alloc(round % 2 === 0 ? 50_000 : 500, `${group} ${round % 3}`);
  const version = await saveUntilItStands(content);
  // Another save of the same bytes would mend a loss, so each version is looked at while it is needed.
  await services.persistence.load(version);
  operations += 2;
  if (previous !== undefined) {
    await services.persistence.load(previous);
    await services.models.deleteVersion(`${model}:${previous.number}`);
    operations += 2;
  }
  previous = version;
}
process.stdout.write(String(operations));

/** A collector that ignores leases may take the bytes away before they are published; the answer says to try again. */
async function saveUntilItStands(content: Uint8Array): Promise<ModelVersion> {
  for (;;) {
    try {
      return (await services.persistence.save(content, { name: model, format: 'binary' })).version;
    } catch (error) {
      if (!StorageError.isInstance(error, 'unavailable')) throw error;
    }
  }
}
