import { join } from 'node:path';
import { forbiddenInput } from './registry-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A name as the system gives it, as a text.
 *
 * @throws StorageError `invalid-argument` when it is not valid UTF-8.
 */
export function decodeFileName(name: Uint8Array, folder: string): string {
  try {
    return decoder.decode(name);
  } catch {
    const spelled = [...Buffer.from(name).toString('latin1')]
      .map((character) => (/[ -[\]-~]/.test(character) ? character : escapeByte(character)))
      .join('');
    throw forbiddenInput(
      `The name ${join(folder, spelled)} is not valid UTF-8, so no other machine could read it.`,
      'Rename it, then put the folder again.',
    );
  }
}

function escapeByte(character: string): string {
  return String.raw`\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
