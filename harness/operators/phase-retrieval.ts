import { type Tensor, tf } from '../engine/tf.ts';
import { type FourierNorm, fourierFactor, fourierMatrices } from './fourier.ts';
import { sandwich, sandwichAdjoint, toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';

export interface PhaseRetrieval {
  /** Zeros added on each side before the transform. */
  readonly pad: number;
  /** The image is mapped first: inputScale x + inputShift. */
  readonly inputScale: number;
  readonly inputShift: number;
  readonly norm: FourierNorm;
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
  /** Imaginary part with its sign turned. */
  const transform = (x: Tensor) => {
    const image = tf.add(tf.mul(x, inputScale), inputShift);
    return {
      real: tf.sub(sandwich(cosH!, image, cosW!), sandwich(sinH!, image, sinW!)),
      imaginary: tf.add(sandwich(sinH!, image, cosW!), sandwich(cosH!, image, sinW!)),
    };
  };
  // The inverse transform is the adjoint but for its factor.
  const inverse = [height, width].reduce((product, length) => {
    const count = length + 2 * pad;
    return product / (count * fourierFactor(norm, count) ** 2);
  }, 1);
  return {
    name: 'phase-retrieval',
    linear: false,
    forward(x) {
      const { real, imaginary } = transform(x);
      return magnitude(real, imaginary);
    },
    // Magnitudes span orders: their logarithm, from each picture's smallest to its largest.
    shown(y) {
      const levels = tf.log(tf.add(tf.relu(y), 1e-3));
      const [least, most] = [tf.min(levels, [1, 2, 3], true), tf.max(levels, [1, 2, 3], true)];
      return tf.sub(tf.mul(tf.div(tf.sub(levels, least), tf.sub(most, least)), 2), 1);
    },
    guess(y) {
      const real = tf.sub(sandwichAdjoint(cosH!, y, cosW!), sandwichAdjoint(sinH!, y, sinW!));
      const imaginary = tf.add(sandwichAdjoint(sinH!, y, cosW!), sandwichAdjoint(cosH!, y, sinW!));
      const image = tf.mul(magnitude(real, imaginary), inverse);
      return tf.div(tf.sub(image, inputShift), inputScale);
    },
    projection: {
      // x's phases with y's magnitudes, back by the inverse transform, its real part.
      project(x, y, signal) {
        const { real, imaginary } = transform(x);
        const length = tf.add(magnitude(real, imaginary), 1e-8);
        const [re, im] = [real, imaginary].map((part) => tf.div(tf.mul(part, tf.mul(signal, y)), length)) as [
          Tensor,
          Tensor,
        ];
        const image = tf.add(
          tf.sub(sandwichAdjoint(cosH!, re, cosW!), sandwichAdjoint(sinH!, re, sinW!)),
          tf.add(sandwichAdjoint(sinH!, im, cosW!), sandwichAdjoint(cosH!, im, sinW!)),
        );
        return tf.div(tf.sub(tf.mul(image, inverse), inputShift), inputScale);
      },
      variance: ((height + 2 * pad) * (width + 2 * pad)) / (height * width),
    },
    dispose: () => tf.dispose([cosH!, sinH!, cosW!, sinW!]),
  };
}

function magnitude(real: Tensor, imaginary: Tensor): Tensor {
  const power = tf.add(tf.square(real), tf.square(imaginary));
  const positive = tf.step(power);
  return tf.mul(positive, tf.sqrt(tf.add(power, tf.sub(1, positive))));
}
