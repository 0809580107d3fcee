import type { LazyValue, ValueFormat } from '@holdfast/formats';

const longestMatlabName = 63;

/**
 * The same value under a name that the target can have: an array without a name gets that of its file, and for MATLAB
 * every other character becomes an underscore.
 */
export function nameForTarget(value: LazyValue, format: ValueFormat, fileName: string): LazyValue {
  const name = value.name === '' ? fileName : value.name;
  return { ...value, name: format === 'matlab' ? matlabName(name) : name };
}

function matlabName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return (/^[A-Za-z]/.test(plain) ? plain : `x_${plain}`).slice(0, longestMatlabName);
}
