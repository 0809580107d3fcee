/**
 * The discrete Fourier transform of one size, of complex values in two arrays, in place and not normalised.
 *
 * Powers of two by the algorithm of Cooley and Tukey (1965), two stages at a time; every other size as a convolution
 * of a power of two (Bluestein, 1970).
 */
export interface FourierTransform {
  readonly size: number;
  transform(real: Float64Array, imaginary: Float64Array): void;
}

/** Prepares the transform of a size: a positive integer. */
export function fourierTransform(size: number): FourierTransform {
  return (size & (size - 1)) === 0 ? new PowerOfTwoTransform(size) : new ChirpTransform(size);
}

class PowerOfTwoTransform implements FourierTransform {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #swaps: Uint32Array;

  constructor(size: number) {
    this.size = size;
    const angles = Float64Array.from({ length: size }, (_, index) => (-2 * Math.PI * index) / size);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
    this.#swaps = reversedPairs(size);
  }

  transform(real: Float64Array, imaginary: Float64Array): void {
    this.#reorder(real, imaginary);
    let done = 1;
    if (Math.log2(this.size) % 2 === 1) {
      this.#firstStage(real, imaginary);
      done = 2;
    }
    for (; done < this.size; done *= 4) this.#twoStages(real, imaginary, done);
  }

  #reorder(real: Float64Array, imaginary: Float64Array): void {
    const swaps = this.#swaps;
    for (let index = 0; index < swaps.length; index += 2) {
      const [left, right] = [swaps[index] as number, swaps[index + 1] as number];
      const [keptReal, keptImaginary] = [real[left] as number, imaginary[left] as number];
      real[left] = real[right] as number;
      imaginary[left] = imaginary[right] as number;
      real[right] = keptReal;
      imaginary[right] = keptImaginary;
    }
  }

  #firstStage(real: Float64Array, imaginary: Float64Array): void {
    for (let index = 0; index < this.size; index += 2) {
      const [r0, i0] = [real[index] as number, imaginary[index] as number];
      const [r1, i1] = [real[index + 1] as number, imaginary[index + 1] as number];
      real[index] = r0 + r1;
      imaginary[index] = i0 + i1;
      real[index + 1] = r0 - r1;
      imaginary[index + 1] = i0 - i1;
    }
  }

  /** Joins four transforms of `quarter` values each into one, everywhere. */
  #twoStages(real: Float64Array, imaginary: Float64Array, quarter: number): void {
    const [cosines, sines, size] = [this.#cosines, this.#sines, this.size];
    const step = size / (4 * quarter);
    for (let offset = 0; offset < quarter; offset++) {
      const c1 = cosines[2 * offset * step] as number;
      const s1 = sines[2 * offset * step] as number;
      const c2 = cosines[offset * step] as number;
      const s2 = sines[offset * step] as number;
      for (let a = offset; a < size; a += 4 * quarter) {
        const b = a + quarter;
        const c = b + quarter;
        const d = c + quarter;
        const [br, bi] = [real[b] as number, imaginary[b] as number];
        const [dr, di] = [real[d] as number, imaginary[d] as number];
        const tr = br * c1 - bi * s1;
        const ti = br * s1 + bi * c1;
        const ur = dr * c1 - di * s1;
        const ui = dr * s1 + di * c1;
        const [ar, ai] = [real[a] as number, imaginary[a] as number];
        const [cr, ci] = [real[c] as number, imaginary[c] as number];
        const [evenR, evenI, oddR, oddI] = [ar + tr, ai + ti, ar - tr, ai - ti];
        const [lowR, lowI, highR, highI] = [cr + ur, ci + ui, cr - ur, ci - ui];
        const vr = lowR * c2 - lowI * s2;
        const vi = lowR * s2 + lowI * c2;
        const wr = highR * s2 + highI * c2;
        const wi = highI * s2 - highR * c2;
        real[a] = evenR + vr;
        imaginary[a] = evenI + vi;
        real[c] = evenR - vr;
        imaginary[c] = evenI - vi;
        real[b] = oddR + wr;
        imaginary[b] = oddI + wi;
        real[d] = oddR - wr;
        imaginary[d] = oddI - wi;
      }
    }
  }
}

/** Pairs of places that change sides when the bits of their numbers are reversed. */
function reversedPairs(size: number): Uint32Array {
  const pairs: number[] = [];
  for (let index = 0, reversed = 0; index < size; index++) {
    if (index < reversed) pairs.push(index, reversed);
    let bit = size >> 1;
    for (; bit > 0 && (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
  return Uint32Array.from(pairs);
}

class ChirpTransform implements FourierTransform {
  readonly size: number;
  readonly #inner: PowerOfTwoTransform;
  readonly #chirp: readonly [Float64Array, Float64Array];
  readonly #filter: readonly [Float64Array, Float64Array];
  readonly #work: readonly [Float64Array, Float64Array];

  constructor(size: number) {
    this.size = size;
    const length = 2 ** Math.ceil(Math.log2(2 * size - 1));
    this.#inner = new PowerOfTwoTransform(length);
    const angles = Float64Array.from({ length: size }, (_, index) => -Math.PI * turnsOf(index, size));
    const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
    const [filterReal, filterImaginary] = [new Float64Array(length), new Float64Array(length)];
    for (let index = 0; index < size; index++) {
      for (const place of index === 0 ? [0] : [index, length - index]) {
        filterReal[place] = cosines[index] as number;
        filterImaginary[place] = -(sines[index] as number);
      }
    }
    this.#inner.transform(filterReal, filterImaginary);
    this.#chirp = [cosines, sines];
    this.#filter = [filterReal, filterImaginary];
    this.#work = [new Float64Array(length), new Float64Array(length)];
  }

  transform(real: Float64Array, imaginary: Float64Array): void {
    const [cosines, sines] = this.#chirp;
    const [workReal, workImaginary] = this.#work;
    workReal.fill(0);
    workImaginary.fill(0);
    for (let index = 0; index < this.size; index++) {
      const [cosine, sine] = [cosines[index] as number, sines[index] as number];
      const [r, i] = [real[index] as number, imaginary[index] as number];
      workReal[index] = r * cosine - i * sine;
      workImaginary[index] = r * sine + i * cosine;
    }
    this.#convolve();
    const scale = 1 / workReal.length;
    for (let index = 0; index < this.size; index++) {
      const [cosine, sine] = [cosines[index] as number, sines[index] as number];
      const [r, i] = [(workReal[index] as number) * scale, -(workImaginary[index] as number) * scale];
      real[index] = r * cosine - i * sine;
      imaginary[index] = r * sine + i * cosine;
    }
  }

  /** The product of the two spectra, conjugated, so that another forward transform undoes the first. */
  #convolve(): void {
    const [workReal, workImaginary] = this.#work;
    const [filterReal, filterImaginary] = this.#filter;
    this.#inner.transform(workReal, workImaginary);
    for (let index = 0; index < workReal.length; index++) {
      const [r, i] = [workReal[index] as number, workImaginary[index] as number];
      const [fr, fi] = [filterReal[index] as number, filterImaginary[index] as number];
      workReal[index] = r * fr - i * fi;
      workImaginary[index] = -(r * fi + i * fr);
    }
    this.#inner.transform(workReal, workImaginary);
  }
}

/** `index² / size` without whole double turns, which large indexes would round away. */
function turnsOf(index: number, size: number): number {
  return Number((BigInt(index) * BigInt(index)) % BigInt(2 * size)) / size;
}
