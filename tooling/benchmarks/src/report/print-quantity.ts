import type { Amount } from '../framework/amount.ts';

const sizeUnits = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** A number with three digits that count, and separators. */
export function printNumber(value: number): string {
  const decimals = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', { maximumFractionDigits: decimals, minimumFractionDigits: 0 });
}

export function printMilliseconds(milliseconds: number): string {
  return Math.abs(milliseconds) < 1_000
    ? `${printNumber(milliseconds)} ms`
    : `${printNumber(milliseconds / 1_000)} s`;
}

export function printBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; Math.abs(value) >= 1_024 && unit < sizeUnits.length - 1; unit++) value /= 1_024;
  return `${printNumber(value)} ${sizeUnits[unit]}`;
}

/** "2,000 objects of 4 KiB". */
export function printAmount({ count, unit, sizeBytes }: Amount): string {
  const noun = count === 1 ? unit.replace(/s$/, '') : unit;
  const of = sizeBytes === undefined ? '' : ` of ${printBytes(sizeBytes)}`;
  return `${count.toLocaleString('en')} ${noun}${of}`;
}

/** How much was done in a second: bytes where they are what takes the time, else pieces. */
export function printRate({ count, sizeBytes = 0 }: Amount, milliseconds: number): string {
  const perSecond = (count * 1_000) / milliseconds;
  if (sizeBytes >= 65_536) return `${printBytes(perSecond * sizeBytes)}/s`;
  return `${printNumber(perSecond)}/s`;
}
