import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';
import { sourceIndex } from './boundary.ts';
import { fourierMatrices } from './fourier.ts';
import { type Matrix, multiply, sandwich, sandwichAdjoint, toTensor, transpose, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';

/** No task measures so yet: cases of `tweedie verify` do. */
export interface CircularBlur {
  /** k x k, row-major; its entry (k/2, k/2), rounded down, lies on the pixel that it is for. */
  readonly kernel: ArrayLike<number>;
  /** Keeps the rows and columns 0, f, 2f, ... of the blurred picture; by default 1, all. */
  readonly factor?: number;
}

/**
 * Convolution with periodic boundary, then decimation, [B,C,H,W] -> [B,C,H/f,W/f]: A = S F^-1 diag(K) F. Its proximal map
 * is x0 + A^T (A A^T + lambda)^-1 (y - A x0), where A A^T is a convolution of the small picture whose spectrum is the mean
 * of |K|^2 over the f^2 frequencies that decimation folds into one (Zhao et al., IEEE TIP 2016, arXiv 1510.00143,
 * as DiffPIR takes it, arXiv 2305.08995). f must divide both sides.
 */
export function circularBlur(
  { kernel, factor = 1 }: CircularBlur,
  [, height, width]: readonly [number, number, number],
): Operator {
  const K = spectrumOf(kernel, height, width);
  const large = filters(height, width);
  const small = factor === 1 ? large : filters(height / factor, width / factor);
  const [re, im] = [toTensor(K.re), toTensor(K.im)];
  const power = toTensor(foldedPower(K, factor));

  const forward = (x: Tensor) => decimate(large.filter(x, re, im), factor);
  const adjoint = (y: Tensor) => large.filter(spread(y, factor), re, tf.neg(im));
  return {
    name: factor === 1 ? 'circular-blur' : 'circular-blur-decimate',
    linear: true,
    forward,
    adjoint,
    proximal: (y, x0, lambda) =>
      tf.add(x0, adjoint(small.filter(tf.sub(y, forward(x0)), tf.div(1, tf.add(power, lambda)), null))),
    dispose() {
      tf.dispose([re, im, power]);
      for (const filter of new Set([large, small])) filter.dispose();
    },
  };
}

interface Spectrum {
  readonly re: Matrix;
  readonly im: Matrix;
}

/** The transform [H,W] of the kernel on a picture that goes on periodically. */
function spectrumOf(kernel: ArrayLike<number>, height: number, width: number): Spectrum {
  const size = Math.round(Math.sqrt(kernel.length));
  const half = Math.floor(size / 2);
  const placed = zeros(height, width);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [row, column] = [sourceIndex('wrap', i - half, height)!, sourceIndex('wrap', j - half, width)!];
      placed.data[row * width + column]! += kernel[i * size + j]!;
    }
  }
  const [rows, columns] = [unscaled(height), unscaled(width)];
  const between = (left: Matrix, right: Matrix) => multiply(multiply(left, placed), transpose(right));
  const [cc, ss] = [between(rows.cos, columns.cos), between(rows.sin, columns.sin)];
  const [sc, cs] = [between(rows.sin, columns.cos), between(rows.cos, columns.sin)];
  return {
    re: { ...cc, data: cc.data.map((value, i) => value - ss.data[i]!) },
    im: { ...sc, data: sc.data.map((value, i) => -value - cs.data[i]!) },
  };
}

/** Mean of |K|^2 over the f x f frequencies that are one after decimation, [H/f,W/f]. */
function foldedPower({ re, im }: Spectrum, factor: number): Matrix {
  const power = zeros(re.rows / factor, re.columns / factor);
  for (let i = 0; i < re.rows; i++) {
    for (let j = 0; j < re.columns; j++) {
      const k = i * re.columns + j;
      const to = (i % power.rows) * power.columns + (j % power.columns);
      power.data[to]! += (re.data[k]! ** 2 + im.data[k]! ** 2) / factor ** 2;
    }
  }
  return power;
}

const unscaled = (length: number) => fourierMatrices(length, 0, { norm: 'backward', centred: false });

/** Products with a spectrum re + i im [H,W] (im null: 0) of pictures [B,C,H,W] that stay real. */
function filters(height: number, width: number) {
  const make = (length: number) => fourierMatrices(length, 0, { norm: 'ortho', centred: false });
  const rows = make(height);
  const columns = width === height ? rows : make(width);
  const all = [rows.cos, rows.sin, columns.cos, columns.sin].map(toTensor);
  const [cosH, sinH, cosW, sinW] = all as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  return {
    filter(x: Tensor, re: Tensor, im: Tensor | null): Tensor {
      const real = tf.sub(sandwich(cosH, x, cosW), sandwich(sinH, x, sinW));
      const imaginary = tf.neg(tf.add(sandwich(sinH, x, cosW), sandwich(cosH, x, sinW)));
      const [a, b] = im
        ? [tf.sub(tf.mul(real, re), tf.mul(imaginary, im)), tf.add(tf.mul(real, im), tf.mul(imaginary, re))]
        : [tf.mul(real, re), tf.mul(imaginary, re)];
      // The real part of (C + iS)^T (a + ib) (C + iS).
      const even = tf.sub(sandwichAdjoint(cosH, a, cosW), sandwichAdjoint(sinH, a, sinW));
      const odd = tf.add(sandwichAdjoint(sinH, b, cosW), sandwichAdjoint(cosH, b, sinW));
      return tf.sub(even, odd);
    },
    dispose: () => tf.dispose(all),
  };
}

/** Rows and columns 0, f, 2f, ... */
function decimate(x: Tensor, factor: number): Tensor {
  if (factor === 1) return x;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [h, w] = [height / factor, width / factor];
  const blocks = tf.reshape(x, [batch * channels, h, factor, w, factor]);
  return tf.reshape(tf.slice(blocks, [0, 0, 0, 0, 0], [-1, -1, 1, -1, 1]), [batch, channels, h, w]);
}

/** Its adjoint: zeros in between. */
function spread(y: Tensor, factor: number): Tensor {
  if (factor === 1) return y;
  const [batch, channels, h, w] = y.shape as [number, number, number, number];
  const blocks = tf.reshape(y, [batch * channels, h, 1, w, 1]);
  const after: [number, number] = [0, factor - 1];
  const padded = tf.pad(blocks, [[0, 0], [0, 0], after, [0, 0], after]);
  return tf.reshape(padded, [batch, channels, h * factor, w * factor]);
}
