import { type FileHandle, open } from 'node:fs/promises';

const blockBytes = 1_048_576;

/** Reads a file in blocks of 1 MiB through two buffers: the next block is read while one is in use. */
export async function readFileInBlocks(path: string, use: (block: Uint8Array) => void): Promise<void> {
  await using file = await open(path, 'r');
  let [current, other] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)];
  let next = file.read(current, 0, blockBytes, null);
  for (;;) {
    const { bytesRead } = await next;
    if (bytesRead === 0) return;
    next = file.read(other, 0, blockBytes, null);
    use(current.subarray(0, bytesRead));
    [current, other] = [other, current];
  }
}

/** Reads files of one size whole, one after another: the next file is read while one is in use. */
export async function readFilesWhole(
  paths: readonly string[],
  sizeBytes: number,
  use: (bytes: Uint8Array, number: number) => void,
): Promise<void> {
  let [current, other] = [Buffer.allocUnsafeSlow(sizeBytes), Buffer.allocUnsafeSlow(sizeBytes)];
  let next = readWhole(paths[0], current);
  for (let number = 0; number < paths.length; number++) {
    await next;
    next = readWhole(paths[number + 1], other);
    use(current, number);
    [current, other] = [other, current];
  }
}

async function readWhole(path: string | undefined, buffer: Buffer): Promise<void> {
  if (path === undefined) return;
  await using file: FileHandle = await open(path, 'r');
  for (let filled = 0; filled < buffer.byteLength;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.byteLength - filled, null);
    if (bytesRead === 0) throw new Error(`${path} is shorter than ${buffer.byteLength} bytes.`);
    filled += bytesRead;
  }
}
