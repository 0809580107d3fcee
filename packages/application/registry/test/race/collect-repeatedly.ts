/** Collects again and again, by the leases or as if there were none. */
import { openServices } from './open-services.ts';

const [folder = '', leases = '', rounds = '0'] = process.argv.slice(2);
await using services = await openServices(folder, { longestPauseMs: 25 });

for (let round = 0; round < Number(rounds); round++) {
  await Array.fromAsync(services.collection.collect({ areLeasesIgnored: leases === 'ignored' }));
}
process.stdout.write(rounds);
