import type {
  MemberDescription,
  ModelValue,
  TensorDescription,
  VariableDescription,
} from '@holdfast/formats';
import { cutToWidth } from './display-width.ts';
import { printFields } from './fields.ts';
import type { InspectionDocument } from './inspection-document.ts';
import { plainText } from './plain-text.ts';
import type { Section } from './print-sections.ts';
import { printSize } from './print-size.ts';

/** How many entries of a list are shown before the rest is only counted. */
const mostShown = 12;
/** Of a tree more is shown: what is inside is the answer. */
const mostRows = 60;
const widestValue = 100;

/** What an inspection found, for people. */
export function inspectionSections(inspection: InspectionDocument): readonly Section[] {
  return [...interfaceSections(inspection), ...contentSections(inspection)];
}

/** What a model is and how it is called. An input that has a value of its own is counted, not listed. */
export function interfaceSections(inspection: InspectionDocument): readonly Section[] {
  const { inputs = [], outputs = [], cut = {} } = inspection;
  const required = inputs.filter(({ hasDefault }) => hasDefault !== true);
  const optional = inputs.length - required.length;
  const note = optional === 0 ? '' : ` (${required.length}, and ${optional} with a value in the file)`;
  return [
    { title: 'Summary', body: printPairs(summaryPairs(inspection)) },
    { title: `Inputs${note}`, body: printValues(required, cut['inputs']) },
    { title: 'Outputs', body: printValues(outputs, cut['outputs']) },
  ];
}

/** The facts of a summary; counts that ended at a limit are at least so large. */
function summaryPairs({ summary = {} }: InspectionDocument): (readonly [string, unknown])[] {
  const { countsAreLeast, ...facts } = summary;
  return Object.entries(facts)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => [
      name,
      countsAreLeast === true && typeof value === 'number' && name.endsWith('Count')
        ? `at least ${value}`
        : value,
    ]);
}

/** What a model holds. */
export function contentSections(inspection: InspectionDocument): readonly Section[] {
  const { tensors = [], variables = [], metadata = {}, members = [], cut = {} } = inspection;
  return [
    variablesSection(variables, cut['variables']),
    { title: tensorTitle(inspection), body: shown(tensors, tensorField, cut['tensors']) },
    { title: 'Metadata', body: shown(Object.entries(metadata), pairField, cut['metadata']) },
    filesSection(members, cut['members']),
  ];
}

/** Variables as a tree, what is in one below it. */
function variablesSection(
  variables: readonly VariableDescription[],
  count: number = variables.length,
): Section {
  const rows = variables.flatMap((variable) => [...treeRows(variable, 0)]);
  const fields = printFields(rows.slice(0, mostRows), { indent: '  ' });
  const rest = rows.length + count - variables.length - mostRows;
  return {
    title: `Variables (${count})`,
    body: rest > 0 ? `${fields}\n${moreText(rest, count === variables.length)}` : fields,
  };
}

function* treeRows(variable: VariableDescription, depth: number): Generator<readonly [string, string]> {
  const { name, type, shape, sizeBytes, storage, values, children = [] } = variable;
  const facts = [
    [type, ...storageWords(storage)].join(', '),
    shape.join(' × '),
    sizeBytes === undefined ? '' : printSize(sizeBytes),
    values === undefined ? '' : `= ${printValue(shape.length === 0 ? values[0] : values)}`,
  ];
  const text = facts.filter((fact, index) => index < 2 || fact !== '').join('  ');
  yield [`${'  '.repeat(depth)}${plainText(name)}`, plainText(text)];
  for (const child of children) yield* treeRows(child, depth + 1);
}

/** How a dataset is stored, in words. */
function storageWords(storage: VariableDescription['storage']): string[] {
  if (storage === undefined) return [];
  const { layout, chunk, maxShape, filters = [] } = storage;
  const stored = chunk === undefined ? layout : `chunks ${chunk.join(' × ')}`;
  const growth = maxShape && `up to ${maxShape.map((most) => most ?? '∞').join(' × ')}`;
  return [
    ...(layout === 'contiguous' ? [] : [stored]),
    ...(growth === undefined ? [] : [growth]),
    ...filters,
  ];
}

/** Files of an archive or a folder. */
export function filesSection(files: readonly MemberDescription[], count: number = files.length): Section {
  return { title: `Files (${count})`, body: shown(files, memberField, count) };
}

/** Pairs under each other, values cut to a line. */
export function printPairs(pairs: readonly (readonly [string, unknown])[]): string {
  return shown(pairs, pairField);
}

function pairField([name, value]: readonly [string, unknown]): readonly [string, string] {
  return [plainText(name), printValue(value)];
}

function memberField({ path, sizeBytes, format }: MemberDescription): readonly [string, string] {
  return [plainText(path), `${printSize(sizeBytes)}  ${format ?? ''}`];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function printValue(value: unknown): string {
  return cutToWidth(plainText(typeof value === 'string' ? value : JSON.stringify(value)), widestValue);
}

function printValues(values: readonly ModelValue[], count?: number): string {
  return shown(
    values,
    ({ name, type, elementType, shape }) => [
      plainText(name),
      `${elementType ?? type}${shape === undefined ? '' : `  ${printShape(shape)}`}`,
    ],
    count,
  );
}

/** A tensor as a name and what it is. */
export function tensorField(tensor: TensorDescription): readonly [string, string] {
  const { name, elementType, dtype, shape, strides, sizeBytes } = tensor;
  const size = sizeBytes === undefined ? '' : `  ${printSize(sizeBytes)}`;
  const steps = strides === undefined ? '' : `  strides ${printShape(strides)}`;
  const type = `${elementType ?? dtype}  ${printShape(shape)}${size}${steps}`;
  return [name === '' ? '(unnamed)' : plainText(name), type];
}

function tensorTitle({ tensors = [], cut = {}, summary = {} }: InspectionDocument): string {
  const known = summary['parameterCount'];
  const held = tensors.reduce(
    (sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1),
    0,
  );
  const valueCount = cut['tensors'] === undefined || typeof known !== 'number' ? held : known;
  const count = (cut['tensors'] ?? tensors.length).toLocaleString('en', { useGrouping: 'min2' });
  return `Tensors (${count}, ${valueCount.toLocaleString('en')} values)`;
}

/** What is not printed; `--json` has it where the document has it all. */
function moreText(rest: number, isHeld: boolean): string {
  return `  … and ${rest} more${isHeld ? ' (--json lists all)' : ''}`;
}

function printShape(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((extent) => (extent === null ? '?' : plainText(String(extent)))).join(', ')}]`;
}

function shown<T>(
  entries: readonly T[],
  field: (entry: T) => readonly [string, string],
  count: number = entries.length,
): string {
  const shownEntries = entries.slice(0, mostShown);
  const fields = printFields(shownEntries.map(field), { indent: '  ' });
  const rest = count - shownEntries.length;
  return rest > 0 ? `${fields}\n${moreText(rest, count === entries.length)}` : fields;
}
