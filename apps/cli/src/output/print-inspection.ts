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
  const { summary = {}, inputs = [], outputs = [], tensors = [], metadata = {}, members = [] } = inspection;
  return [
    { title: 'Summary', body: printPairs(Object.entries(summary).filter(([, value]) => !isEmpty(value))) },
    { title: 'Inputs', body: printValues(inputs) },
    { title: 'Outputs', body: printValues(outputs) },
    { title: tensorTitle(tensors), body: printTensors(tensors) },
    { title: 'Metadata', body: printPairs(Object.entries(metadata)) },
    {
      title: `Files (${members.length})`,
      body: shown(members, ({ path, sizeBytes, format }) => [
        plainText(path),
        `${printSize(sizeBytes)}  ${format ?? ''}`,
      ]),
    },
  ];
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
