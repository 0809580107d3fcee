import { expect } from 'vitest';
import { type Services, openServices } from '../race/open-services.ts';
import { expectOnlyNeeded } from '../support/expect-only-needed.ts';
import { type Published, readPublished } from './crash-plans.ts';

/** The versions in a folder after whatever happened to it: each is whole, and once it is collected, nothing else is left. */
export async function readSound(folder: string): Promise<Published> {
  await using services = await openServices(folder);
  const published = await readIntact(services);
  for await (const item of services.collection.collect({ areLeasesIgnored: true }))
    expect(item.outcome, item.reason).toBe('removed');
  expect(await readIntact(services)).toEqual(published);
  await expectOnlyNeeded(services, folder);
  return published;
}

async function readIntact(services: Services): Promise<Published> {
  const { objects } = services.registry.repositories;
  for await (const { digest, state } of services.verification.verify()) {
    const needing = digest === undefined ? [] : await objects.findOwners(digest);
    if (needing.length > 0) expect(state).toBe('intact');
  }
  return readPublished(services);
}
