import { type Tensor, tf } from '../engine/tf.ts';
import { type Matrix, sandwich, sandwichAdjoint, toTensor, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';

/** No task measures so yet: cases of `tweedie verify` do. */
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
  /** Imaginary part with its sign turned. */
  const transform = (x: Tensor) => {
    const image = tf.add(tf.mul(x, inputScale), inputShift);
    return {
      real: tf.sub(sandwich(cosH!, image, cosW!), sandwich(sinH!, image, sinW!)),
      imaginary: tf.add(sandwich(sinH!, image, cosW!), sandwich(cosH!, image, sinW!)),
    };
  };
  // The inverse transform is the adjoint but for its factor, by the normalisation.
  const count = (height + 2 * pad) * (width + 2 * pad);
  const inverse = { ortho: 1, forward: count, backward: 1 / count }[norm];
  return {
    name: 'phase-retrieval',
    linear: false,
    forward(x) {
      const { real, imaginary } = transform(x);
      return magnitude(real, imaginary);
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
