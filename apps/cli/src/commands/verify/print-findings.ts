import { shortDigest } from '@holdfast/domain';
import type { Affected, VerifiedObject } from '@holdfast/registry';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printSize } from '../../output/print-size.ts';
import { printTable } from '../../output/table.ts';

/** How many paths of a folder, and versions, a line names. */
const mostNamed = 3;

/**
 * Everything that was not intact: what, where and which versions need it, and on a line of its own, so that it can be
 * copied from any terminal, what to do or what was done.
 */
export function printFindings(findings: readonly VerifiedObject[], output: Output): string {
  if (findings.length === 0) return '';
  const [heading = '', ...rows] = printRows(findings, output).split('\n');
  const lines = rows.map(
    (row, index) => `${row}\n  ${output.style.accent('→')} ${adviceOf(findings[index])}`,
  );
  return [heading, ...lines].join('\n');
}

function adviceOf(finding: VerifiedObject | undefined): string {
  return finding === undefined ? '' : plainText(adviceFor(finding));
}

function printRows(findings: readonly VerifiedObject[], { style, widthColumns }: Output): string {
  return printTable(
    [
      {
        heading: 'STATE',
        paint: (cell) => (cell.startsWith('repaired') ? style.good(cell) : style.bad(cell)),
      },
      { heading: 'OBJECT' },
      { heading: 'SIZE', alignment: 'right', rank: 1 },
      { heading: 'STORE' },
      { heading: 'NEEDED BY', shrinksTo: 24 },
    ],
    findings.map((finding) => [
      finding.repair?.isRepaired === true ? 'repaired' : finding.state,
      plainText(printObject(finding)),
      finding.sizeBytes === 0 && finding.state !== 'intact' ? '' : printSize(finding.sizeBytes),
      plainText(finding.storeName ?? '-'),
      plainText(printAffected(finding.affected)),
    ]),
    { widthColumns, paintHeading: style.dim },
  );
}

function printObject({ record, digest, key }: VerifiedObject): string {
  if (record !== undefined) return `(registry) ${record}`;
  if (digest !== undefined) return shortDigest(digest);
  return key ?? '(the store)';
}

function printAffected(affected: readonly Affected[]): string {
  return affected.length === 0 ? '-' : shortened(affected.map(printVersion));
}

function printVersion(affected: Affected): string {
  const { reference, part } = affected;
  if (part === 'record') return `${reference} (its record)`;
  if (part === 'registry') return reference;
  if (part === 'list') return `${reference} (the list of its tensors)`;
  if (part === 'tree') return `${reference} (the list of its files)`;
  const paths = 'paths' in affected ? affected.paths : undefined;
  return paths === undefined || paths.length === 0 ? reference : `${reference} (${shortened(paths)})`;
}

function shortened(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ');
}

/** What to do about a finding, or what was done. */
function adviceFor({ state, record, digest, reason, affected, copies, repair }: VerifiedObject): string {
  if (repair?.isRepaired === true)
    return `nothing: ${record === undefined ? 'good bytes came' : 'what it was came'} from ${repair.source}`;
  if (repair !== undefined) return `not repaired from ${repair.source}: ${repair.reason ?? 'unknown'}`;
  if (record !== undefined)
    return `run holdfast verify --repair-records; else restore the registry from a backup (${reason ?? 'damaged'})`;
  const [copy] = copies;
  if (copy !== undefined) return `good copy in ${copy}: run holdfast verify --repair-from ${copy}`;
  if (state === 'unreadable') return reason ?? 'make its store readable';
  if (digest === undefined) return `${reason ?? 'damaged'}; restore the store from a backup`;
  if (affected.length === 0) return 'no version needs it: run holdfast gc';
  if (affected.every(({ part }) => part === 'record' || part === 'list'))
    return 'the version loads without it; restore it from a backup';
  if (affected.every(({ part }) => part === 'content')) return 'restore it from a backup';
  const isFolder = affected.every(({ part }) => part === 'tree' || part === 'member');
  return `put the same ${isFolder ? 'folder' : 'file'} again: that rewrites it`;
}
