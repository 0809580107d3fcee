/** How long a block is. */
export const blockBytes = 1_048_576;

const mostBlocks = 16;
const blocks: Buffer[] = [];

/** Lends a block with arbitrary content: a used one where there is any, as fresh memory costs more than a read. */
export function borrowBlock(): Buffer {
  return blocks.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
}

/** Takes a block back that nobody looks at any more, and keeps it if there are not enough of them. */
export function giveBackBlock(block: Buffer): void {
  if (blocks.length < mostBlocks) blocks.push(block);
}
