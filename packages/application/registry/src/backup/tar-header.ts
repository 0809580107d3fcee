const blockBytes = 512;

/** The greatest size that eleven octal digits hold; a larger file is preceded by a pax record. */
const largestPlainBytes = 0o77777777777;

/** A file in a tar archive. */
export interface TarFile {
  /** Up to 100 ASCII characters. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly modifiedSeconds: number;
}

/** The bytes before those of a file: its header as POSIX.1-2001 has it (ustar; pax for more than 8 GiB). */
export function tarHeader(file: TarFile): Uint8Array {
  if (file.sizeBytes <= largestPlainBytes) return headerBlock(file, '0');
  const record = Buffer.alloc(blockBytes);
  const recordBytes = record.write(sizeRecord(file.sizeBytes));
  const extension = { ...file, name: 'PaxHeaders/size', sizeBytes: recordBytes };
  const plain = headerBlock({ ...file, sizeBytes: largestPlainBytes }, '0');
  return Buffer.concat([headerBlock(extension, 'x'), record, plain]);
}

/** The zeros after the bytes of a file. */
export function tarPadding(sizeBytes: number): Uint8Array {
  return Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

/** The two empty blocks that end an archive. */
export function tarEnd(): Uint8Array {
  return Buffer.alloc(2 * blockBytes);
}

/** A pax record says its own length, in bytes. */
function sizeRecord(sizeBytes: number): string {
  const rest = ` size=${sizeBytes}\n`;
  return `${rest.length + 2}${rest}`;
}

function headerBlock({ name, sizeBytes, modifiedSeconds }: TarFile, type: '0' | 'x'): Uint8Array {
  const block = Buffer.alloc(blockBytes);
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  block.write(`${octal(sizeBytes)}\0${octal(modifiedSeconds)}\0${' '.repeat(8)}${type}`, 124, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write('0000000\x000000000\0', 329, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number): string {
  return value.toString(8).padStart(11, '0');
}
