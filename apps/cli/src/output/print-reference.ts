/** A version as people write it: `NAME:NUMBER`. */
export function printReference(version: { readonly modelName: string; readonly number: number }): string {
  return `${version.modelName}:${version.number}`;
}
