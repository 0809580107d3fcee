import { inPython } from './timed-in-python.ts';

/** Writes a file of values with the library that defines its format. */
export async function makeValueFile(
  program: string,
  { path, count, sizeBytes }: { readonly path: string; readonly count: number; readonly sizeBytes: number },
): Promise<void> {
  await inPython(`n, size = int(sys.argv[2]), int(sys.argv[3])\n${program}`, [
    path,
    String(count),
    String(sizeBytes),
  ]);
}
