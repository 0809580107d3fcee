const pieceBytes = 8192;

/** The text of bytes of one character each (ISO 8859-1), without a string for each of them. */
export function latin1Text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    pieces.push(Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + pieceBytes)));
  return pieces.join('');
}

/** The bytes without the zeros at their end. */
export function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}
