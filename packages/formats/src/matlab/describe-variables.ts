import type { FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionWarning, VariableDescription } from '../catalog/format-inspection.ts';
import { FormatError } from '../format-error.ts';
import type { ElementType } from '../value/element-type.ts';
import type { Value } from '../value/value.ts';
import { describeMatlab73 } from './describe-matlab73.ts';
import { classOfElementType } from './encode-mat-array.ts';
import type { MatVariable } from './mat-variable.ts';
import { type MatFile, openMat } from './read-mat.ts';

/** What the variables of a file are, and what kept some from being looked into. */
export interface DescribedVariables {
  readonly variables: readonly VariableDescription[];
  readonly warnings: readonly InspectionWarning[];
}

/** Structs and cells are read to be described, as long as they take no more bytes of the file together. */
const mostNestedBytes = 16 * 1024 * 1024;
const mostVariables = 10_000;
const mostChildren = 1000;
const deepestShown = 16;

/** Describes the variables of a file as a tree. Numbers are not read. */
export async function describeVariables(
  { reader, inflate }: FormatProbe,
  version: '4' | '5' | '7.3',
): Promise<DescribedVariables> {
  const described: VariableDescription[] = [];
  const options = { inflate, limitBytes: 16 * mostNestedBytes };
  try {
    const variables =
      version === '7.3' ? describeMatlab73(reader, options) : describedOf(await openMat(reader, options));
    for await (const variable of variables) {
      described.push(variable);
      if (described.length === mostVariables) break;
    }
    return { variables: described, warnings: [] };
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    const message = `Not all variables are listed: at byte ${error.offset}, ${error.reason}.`;
    return { variables: described, warnings: [{ code: 'variables-not-listed', message }] };
  }
}

async function* describedOf({ variables }: MatFile): AsyncGenerator<VariableDescription> {
  let nestedBytes = 0;
  for (const variable of variables) {
    nestedBytes += isNested(variable) ? variable.storedBytes : 0;
    yield await describeVariable(variable, nestedBytes <= mostNestedBytes);
  }
}

function isNested({ kind, className }: MatVariable): boolean {
  return kind === 'struct' || kind === 'cell' || className === 'object';
}

async function describeVariable(variable: MatVariable, isLookedInto: boolean): Promise<VariableDescription> {
  const { name, className, dims, sizeBytes, kind } = variable;
  const size = kind === 'numeric' && sizeBytes !== undefined ? { sizeBytes } : {};
  const described = { name, type: className, shape: dims, ...size };
  if (!isNested(variable) || !isLookedInto) return described;
  return { ...described, ...childrenOf(await variable.read(), 0) };
}

function describeValue(name: string, value: Value, depth: number): VariableDescription {
  switch (value.kind) {
    case 'numeric':
      return { name, type: classOf(value.dtype), shape: value.shape, sizeBytes: value.data.byteLength };
    case 'text':
      return { name, type: 'char', shape: value.shape };
    case 'opaque':
      return { name, type: value.className, shape: [], ...childrenOf(value, depth) };
    default:
      return { name, type: value.kind, shape: value.shape, ...childrenOf(value, depth) };
  }
}

function classOf(dtype: ElementType): string {
  return dtype === 'bool' ? 'logical' : (classOfElementType(dtype) ?? dtype);
}

function childrenOf(value: Value, depth: number): { readonly children?: readonly VariableDescription[] } {
  if (depth >= deepestShown) return {};
  if (value.kind === 'opaque' && value.content !== undefined) return childrenOf(value.content, depth);
  if (value.kind === 'cell') {
    const cells = value.data.slice(0, mostChildren);
    return { children: cells.map((cell, index) => describeValue(`{${index + 1}}`, cell, depth + 1)) };
  }
  if (value.kind !== 'struct') return {};
  const children = value.fields.flatMap(({ name, values }) =>
    values
      .slice(0, mostChildren)
      .map((field, index) =>
        describeValue(values.length === 1 ? name : `(${index + 1}).${name}`, field, depth + 1),
      ),
  );
  return { children: children.slice(0, mostChildren) };
}
