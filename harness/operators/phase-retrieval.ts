import { type Tensor, tf } from '../engine/tf.ts';
import { type Matrix, sandwich, toTensor, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';

export interface PhaseRetrieval {
  /** Zeros added on each side before the transform. */
  readonly pad: number;
  /** The image is mapped first: inputScale x + inputShift. */
  readonly inputScale: number;
  readonly inputShift: number;
  /** Normalisation of the transform by the names of numpy.fft: 1/sqrt(N), 1/N or 1. */
  readonly norm: 'ortho' | 'forward' | 'backward';
  /** Origin in the middle of image and spectrum (fftshift of the transform of the ifftshifted image). */
  readonly centred: boolean;
}

/**
 * Magnitudes of the Fourier transform of the zero-padded image, [B,C,H,W] -> [B,C,H+2p,W+2p]. The
 * transform is D_H X D_W^T with D = C - iS: products with small real matrices, which every device computes and
 * differentiates. The gradient of |.| at 0 is 0.
 */
export function phaseRetrieval(
  { pad, inputScale, inputShift, norm, centred }: PhaseRetrieval,
  [, height, width]: readonly [number, number, number],
): Operator {
  const make = (length: number) => fourierMatrices(length, pad, { norm, centred });
  const rows = make(height);
  const columns = width === height ? rows : make(width);
  const [cosH, sinH, cosW, sinW] = [rows.cos, rows.sin, columns.cos, columns.sin].map(toTensor);
  return {
    name: 'phase-retrieval',
    linear: false,
    forward(x) {
      const image = tf.add(tf.mul(x, inputScale), inputShift);
      const real = tf.sub(sandwich(cosH!, image, cosW!), sandwich(sinH!, image, sinW!));
      const imaginary = tf.add(sandwich(sinH!, image, cosW!), sandwich(cosH!, image, sinW!));
      return magnitude(real, imaginary);
    },
    // Magnitudes span orders: their logarithm, from each picture's smallest to its largest.
    shown(y) {
      const levels = tf.log(tf.add(tf.relu(y), 1e-3));
      const [least, most] = [tf.min(levels, [1, 2, 3], true), tf.max(levels, [1, 2, 3], true)];
      return tf.sub(tf.mul(tf.div(tf.sub(levels, least), tf.sub(most, least)), 2), 1);
    },
    dispose: () => tf.dispose([cosH!, sinH!, cosW!, sinW!]),
  };
}

function magnitude(real: Tensor, imaginary: Tensor): Tensor {
  const power = tf.add(tf.square(real), tf.square(imaginary));
  const positive = tf.step(power);
  return tf.mul(positive, tf.sqrt(tf.add(power, tf.sub(1, positive))));
}

/** Real part and negative imaginary part of the transform of a line with `pad` zeros at both ends, [N, length]. */
function fourierMatrices(
  length: number,
  pad: number,
  { norm, centred }: Pick<PhaseRetrieval, 'norm' | 'centred'>,
): { cos: Matrix; sin: Matrix } {
  const count = length + 2 * pad;
  const origin = centred ? Math.floor(count / 2) : 0;
  const factor = { ortho: 1 / Math.sqrt(count), forward: 1 / count, backward: 1 }[norm];
  const [cos, sin] = [zeros(count, length), zeros(count, length)];
  for (let k = 0; k < count; k++) {
    for (let n = 0; n < length; n++) {
      // Whole turns are left out before the angle is rounded.
      const angle = (2 * Math.PI * (((k - origin) * (n + pad - origin)) % count)) / count;
      cos.data[k * length + n] = factor * Math.cos(angle);
      sin.data[k * length + n] = factor * Math.sin(angle);
    }
  }
  return { cos, sin };
}
