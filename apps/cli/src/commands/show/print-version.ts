import {
  type ModelVersion,
  type ObjectLocation,
  type TreeEntry,
  type VersionChange,
  versionWarnings,
  whyCodeMayHide,
} from '@holdfast/domain';
import type { VersionDetails } from '@holdfast/registry';
import { printFields } from '../../output/fields.ts';
import { toInspectionDocument } from '../../output/inspection-document.ts';
import type { Output } from '../../output/output.ts';
import { plainText } from '../../output/plain-text.ts';
import { printCount } from '../../output/print-count.ts';
import {
  contentSections,
  filesSection,
  interfaceSections,
  printPairs,
} from '../../output/print-inspection.ts';
import { printReference } from '../../output/print-reference.ts';
import { type Section, printSections } from '../../output/print-sections.ts';
import { printSize } from '../../output/print-size.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import type { Style } from '../../output/style.ts';

/** What `show` found out about a version. */
export interface ShownVersion {
  readonly details: VersionDetails;
  readonly locations: readonly ObjectLocation[];
  /** Of a folder; `undefined` where its list cannot be read now. */
  readonly files: readonly TreeEntry[] | undefined;
}

/** A version as a page for people. */
export function printVersion({ details, locations, files }: ShownVersion, { style }: Output): string {
  const { version, aliases } = details;
  const names = aliases.map(({ name }) => style.accent(`@${name}`)).join(' ');
  const title = `${style.bold(printReference(version))}${names === '' ? '' : `  ${names}`}`;
  const facts = printFields(factsOf(details, locations, style), { indent: '  ', paintName: style.dim });
  const inspection = toInspectionDocument(version.inspection);
  const sections = printSections(
    [
      warningsSection(version, style),
      ...interfaceSections(inspection),
      ...measureSections(version),
      ...(files === undefined ? [] : [filesSection(files)]),
      ...contentSections(files === undefined ? inspection : { ...inspection, members: [] }),
      ...recordSections(details),
      ...cutSection(version),
    ],
    style.bold,
  );
  return [title, facts, sections]
    .filter((part) => part !== '')
    .join('\n\n')
    .replace('\n\n', '\n');
}

/** How to see what the record has only the beginning of. */
function cutSection(version: ModelVersion): readonly Section[] {
  const { cut = {} } = toInspectionDocument(version.inspection);
  const commands = Object.keys(cut).map(
    (list) => `  holdfast show ${printReference(version)} --list ${list}`,
  );
  return commands.length === 0 ? [] : [{ title: 'The whole of long lists', body: commands.join('\n') }];
}

function factsOf(
  { model, version }: VersionDetails,
  locations: readonly ObjectLocation[],
  style: Style,
): readonly (readonly [string, string])[] {
  const { storage, totalSizeBytes, fileCount, artifactKind, sourceName, tags } = version;
  const files = artifactKind === 'tree' ? ` in ${printCount(fileCount, 'file')}` : '';
  const fields: readonly (readonly [string, string])[] = [
    ['digest', storage.checksum],
    ['size', `${printSize(totalSizeBytes)}${files} (${totalSizeBytes.toLocaleString('en')} bytes)`],
    ['format', storage.format],
    ['status', version.status],
    ['scan', printVerdict(version, style)],
    ['saved', printTime(version.createdAt)],
    ['from', plainText(sourceName ?? '')],
    ['tags', printTags(tags)],
    ['model tags', printTags(model.tags)],
    ['stored', locations.map((location) => printLocation(location, style)).join('\n')],
  ];
  return fields.filter(([, value]) => value !== '');
}

function printVerdict(version: ModelVersion, style: Style): string {
  const { verdict } = version;
  return whyCodeMayHide(version) === undefined
    ? verdict
    : style.warning(`${verdict}: Python can run code that it holds`);
}

function warningsSection(version: ModelVersion, style: Style): Section {
  const lines = versionWarnings(version).map((warning) => `  ${style.warning('!')} ${plainText(warning)}`);
  return { title: 'Warnings', body: lines.join('\n') };
}

function printLocation({ storeName, key, state, verifiedAt }: ObjectLocation, style: Style): string {
  const found =
    state === 'verified'
      ? `verified ${printTime(verifiedAt)}`
      : style.bad(`damaged, found ${printTime(verifiedAt)}`);
  return `${storeName}: ${plainText(key)} (${found})`;
}

function measureSections({ metrics, parameters }: ModelVersion): readonly Section[] {
  return [
    { title: 'Metrics', body: printPairs(Object.entries(metrics)) },
    { title: 'Parameters', body: printPairs(Object.entries(parameters)) },
  ];
}

function recordSections({ model, version: { lineage, history } }: VersionDetails): readonly Section[] {
  return [
    {
      title: 'Lineage',
      body: printPairs(lineage.map(({ relation, to }) => [relation, `${to.kind} ${to.id}`])),
    },
    { title: 'History', body: printChanges(history) },
    { title: 'History of the model', body: printChanges(model.history ?? []) },
  ];
}

function printChanges(changes: readonly VersionChange[]): string {
  return printPairs(changes.map((change) => [printTime(change.at), printChange(change)]));
}

function printChange(change: VersionChange): string {
  const subject = change.field === 'tag' ? `tag ${change.tag}` : change.field;
  const reason = change.field === 'tag' || change.reason === undefined ? '' : ` (${change.reason})`;
  const by = change.by === undefined ? '' : `, by ${change.by}`;
  return `${subject}: ${change.from ?? '-'} → ${change.to ?? 'removed'}${reason}${by}`;
}
