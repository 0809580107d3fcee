import type { ElementType } from './element-type.ts';

/** How a small floating-point type spends its bits. */
interface SmallFloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** `ieee` has infinities, `fn` only one NaN a sign, `fnuz` one NaN and no negative zero, `finite` neither. */
  readonly form: 'ieee' | 'fn' | 'fnuz' | 'finite';
}

const smallFloats: ReadonlyMap<ElementType, SmallFloat> = new Map([
  ['float16', { exponentBits: 5, mantissaBits: 10, bias: 15, form: 'ieee' }],
  ['complex32', { exponentBits: 5, mantissaBits: 10, bias: 15, form: 'ieee' }],
  ['bfloat16', { exponentBits: 8, mantissaBits: 7, bias: 127, form: 'ieee' }],
  ['float8_e5m2', { exponentBits: 5, mantissaBits: 2, bias: 15, form: 'ieee' }],
  ['float8_e5m2fnuz', { exponentBits: 5, mantissaBits: 2, bias: 16, form: 'fnuz' }],
  ['float8_e4m3fn', { exponentBits: 4, mantissaBits: 3, bias: 7, form: 'fn' }],
  ['float8_e4m3fnuz', { exponentBits: 4, mantissaBits: 3, bias: 8, form: 'fnuz' }],
  ['float4_e2m1', { exponentBits: 2, mantissaBits: 1, bias: 1, form: 'finite' }],
  ['float6_e2m3', { exponentBits: 2, mantissaBits: 3, bias: 1, form: 'finite' }],
  ['float6_e3m2', { exponentBits: 3, mantissaBits: 2, bias: 3, form: 'finite' }],
]);

/**
 * The number that the bits of a small floating-point type stand for; `undefined` for a type that is none.
 *
 * @see https://github.com/jax-ml/ml_dtypes for the types of 8 bits and fewer
 */
export function decodeFloat(type: ElementType, bits: number): number | undefined {
  if (type === 'float8_e8m0') return bits === 0xff ? Number.NaN : 2 ** (bits - 127);
  const float = smallFloats.get(type);
  return float && decode(float, bits);
}

function decode({ exponentBits, mantissaBits, bias, form }: SmallFloat, bits: number): number {
  const mantissaRange = 2 ** mantissaBits;
  const highestExponent = 2 ** exponentBits - 1;
  const isNegative = bits >= 2 ** (exponentBits + mantissaBits);
  const exponent = Math.floor(bits / mantissaRange) % (highestExponent + 1);
  const mantissa = bits % mantissaRange;
  const sign = isNegative ? -1 : 1;
  if (form === 'fnuz' && isNegative && exponent === 0 && mantissa === 0) return Number.NaN;
  if (exponent === highestExponent) {
    if (form === 'ieee') return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    if (form === 'fn' && mantissa === mantissaRange - 1) return Number.NaN;
  }
  const fraction = exponent === 0 ? mantissa / mantissaRange : 1 + mantissa / mantissaRange;
  return sign * fraction * 2 ** (Math.max(exponent, 1) - bias);
}
