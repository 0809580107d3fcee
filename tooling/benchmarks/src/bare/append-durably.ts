import { open } from 'node:fs/promises';

/** The least that a disk asks for: bytes at the end of one file, synced once for each group of them. */
export async function appendDurably(
  path: string,
  bodies: Iterable<Uint8Array>,
  options: { readonly groupSize: number },
): Promise<void> {
  await using file = await open(path, 'a');
  let group: Uint8Array[] = [];
  const write = async (): Promise<void> => {
    await file.writev(group);
    await file.datasync();
    group = [];
  };
  for (const body of bodies) {
    group.push(body);
    if (group.length === options.groupSize) await write();
  }
  if (group.length > 0) await write();
}
