import { shortDigest } from '@holdfast/domain';
import type { MovedAlias, SavedVersion } from '@holdfast/registry';
import { printCount } from '../../output/print-count.ts';
import { printSize } from '../../output/print-size.ts';
import type { Style } from '../../output/style.ts';
import { versionDocument, type VersionDocument } from '../../output/version-document.ts';
import type { PutRequest } from './put-request.ts';

/** What `put --json` answers. */
export interface PutDocument {
  readonly reference: string;
  /** Whether the bytes were in the store already. */
  readonly isDuplicate: boolean;
  readonly version: VersionDocument;
  /** The first of `aliases`. */
  readonly alias?: { readonly name: string; readonly number: number; readonly from: number | null };
  /** The aliases that point to it now. */
  readonly aliases: readonly {
    readonly name: string;
    readonly number: number;
    readonly from: number | null;
  }[];
  readonly warnings: readonly string[];
}

export function putDocument(saved: SavedVersion, moved: readonly MovedAlias[]): PutDocument {
  const version = versionDocument(saved.version);
  const aliases = moved.map(({ alias: { name, number }, from }) => ({ name, number, from: from ?? null }));
  const [alias] = aliases;
  return {
    reference: version.reference,
    isDuplicate: saved.isDuplicate,
    version,
    ...(alias === undefined ? {} : { alias }),
    aliases,
    warnings: saved.warnings,
  };
}

/** What people are told after a save. */
export function putMessage(
  { path }: PutRequest,
  { version, isDuplicate }: SavedVersion,
  { moved, style }: { readonly moved: readonly MovedAlias[]; readonly style: Style },
): string {
  const { storage, totalSizeBytes, fileCount, artifactKind } = version;
  const what = path === '-' ? 'standard input' : path;
  const files = artifactKind === 'tree' ? `, ${printCount(fileCount, 'file')}` : '';
  const facts = `${storage.format}, ${printSize(totalSizeBytes)}${files}, ${shortDigest(storage.checksum)}`;
  const duplicate = isDuplicate ? ' The bytes were in the store already; nothing was written twice.' : '';
  return `${style.good('✓')} Saved ${what} (${facts}).${duplicate}${moved.map(aliasSentence).join('')}`;
}

function aliasSentence({ alias, from }: MovedAlias): string {
  const before = from === undefined ? '' : `, before to version ${from}`;
  return ` ${alias.name} points to version ${alias.number}${before}.`;
}
