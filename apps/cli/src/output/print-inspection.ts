import { cutToWidth } from './display-width.ts';
import { printFields } from './fields.ts';
import type { InspectedTensor, InspectedValue, InspectionDocument } from './inspection-document.ts';
import { plainText } from './plain-text.ts';
import type { Section } from './print-sections.ts';
import { printSize } from './print-size.ts';

/** How many entries of a list are shown before the rest is only counted. */
const mostShown = 12;
const widestValue = 100;

/** What an inspection found, for people. */
export function inspectionSections(inspection: InspectionDocument): readonly Section[] {
  return [...interfaceSections(inspection), ...contentSections(inspection)];
}

/** What a model is and how it is called. An input that has a value of its own is counted, not listed. */
export function interfaceSections(inspection: InspectionDocument): readonly Section[] {
  const { summary = {}, inputs = [], outputs = [] } = inspection;
  const required = inputs.filter(({ hasDefault }) => hasDefault !== true);
  const optional = inputs.length - required.length;
  const note = optional === 0 ? '' : ` (${required.length}, and ${optional} with a value in the file)`;
  return [
    { title: 'Summary', body: printPairs(Object.entries(summary).filter(([, value]) => !isEmpty(value))) },
    { title: `Inputs${note}`, body: printValues(required) },
    { title: 'Outputs', body: printValues(outputs) },
  ];
}

/** What a model holds. */
export function contentSections(inspection: InspectionDocument): readonly Section[] {
  const { tensors = [], metadata = {}, members = [] } = inspection;
  return [
    { title: tensorTitle(tensors), body: printTensors(tensors) },
    { title: 'Metadata', body: printPairs(Object.entries(metadata)) },
    filesSection(members),
  ];
}

/** Files of an archive or a folder. */
export function filesSection(
  files: readonly { readonly path: string; readonly sizeBytes: number; readonly format?: string }[],
): Section {
  const body = shown(files, ({ path, sizeBytes, format }) => [
    plainText(path),
    `${printSize(sizeBytes)}  ${format ?? ''}`,
  ]);
  return { title: `Files (${files.length})`, body };
}

/** Pairs under each other, values cut to a line. */
export function printPairs(pairs: readonly (readonly [string, unknown])[]): string {
  return shown(pairs, ([name, value]) => [plainText(name), printValue(value)]);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function printValue(value: unknown): string {
  return cutToWidth(plainText(typeof value === 'string' ? value : JSON.stringify(value)), widestValue);
}

function printValues(values: readonly InspectedValue[]): string {
  return shown(values, ({ name, type, elementType, shape }) => [
    plainText(name),
    `${elementType ?? type}${shape === undefined ? '' : `  ${printShape(shape)}`}`,
  ]);
}

function printTensors(tensors: readonly InspectedTensor[]): string {
  return shown(tensors, ({ name, elementType, dtype, shape }) => [
    name === '' ? '(unnamed)' : plainText(name),
    `${elementType ?? dtype}  ${printShape(shape)}`,
  ]);
}

function tensorTitle(tensors: readonly InspectedTensor[]): string {
  const valueCount = tensors.reduce(
    (sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1),
    0,
  );
  return `Tensors (${tensors.length}, ${valueCount.toLocaleString('en')} values)`;
}

function printShape(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((extent) => (extent === null ? '?' : plainText(String(extent)))).join(', ')}]`;
}

function shown<T>(entries: readonly T[], field: (entry: T) => readonly [string, string]): string {
  const fields = printFields(entries.slice(0, mostShown).map(field), { indent: '  ' });
  const rest = entries.length - mostShown;
  return rest > 0 ? `${fields}\n  … and ${rest} more` : fields;
}
