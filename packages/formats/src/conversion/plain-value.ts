import type { TorchValue } from '../pytorch/torch-value.ts';
import { lazyOf } from '../value/lazy-of.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import type { Value } from '../value/value.ts';

/** A plain value of Python as a scalar: integers as int64 where they fit, whatever their size. */
export function plainValue(name: string, value: TorchValue): LazyValue {
  const scalar = scalarOf(value);
  if (scalar !== undefined) return { ...lazyOf(name, scalar), isPlain: true };
  const [className, reason] = strangerOf(value);
  return {
    ...lazyOf(name, { kind: 'opaque', className, type: 'object' }),
    isPlain: true,
    unread: { reason },
  };
}

function scalarOf(value: TorchValue): Value | undefined {
  const scalar = { kind: 'numeric', shape: [], order: 'row-major' } as const;
  if (typeof value === 'boolean') return { ...scalar, dtype: 'bool', data: Uint8Array.of(value ? 1 : 0) };
  if (typeof value === 'string') return { kind: 'text', shape: [], order: 'row-major', data: [value] };
  if (typeof value === 'number' && !Number.isInteger(value))
    return { ...scalar, dtype: 'float64', data: Float64Array.of(value) };
  if (typeof value === 'number' || typeof value === 'bigint') {
    const integer = BigInt(value);
    const fits = BigInt.asIntN(64, integer) === integer;
    return fits ? { ...scalar, dtype: 'int64', data: BigInt64Array.of(integer) } : undefined;
  }
  const isArray = typeof value === 'object' && value !== null && 'order' in value && 'data' in value;
  return isArray ? value : undefined;
}

function strangerOf(value: TorchValue): readonly [className: string, reason: string] {
  if (value === null) return ['None', 'is None, which no array holds'];
  if (typeof value === 'bigint') return ['int', 'is an integer of more than 64 bits'];
  if (value instanceof Uint8Array) return ['bytes', 'is a bytes object of Python, which is not converted'];
  const className = typeof value === 'object' && 'className' in value ? value.className : 'object';
  return [className, `is an object of Python (${className}), which is not converted`];
}
