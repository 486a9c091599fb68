import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { phaseRetrieval } from '../../operators/phase-retrieval.ts';
import { gaussianNoise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** The picture from the magnitudes of its Fourier transform: it, turned by half a turn, measures the same. */
export default defineRestoration({
  name: 'phase-retrieval',
  title: 'Phase retrieval',
  version: 1,
  source: 'DPS code, phase_retrieval; of pictures in [0,1]: DAPS (arXiv 2407.01521)',
  nonlinear: true,
  projection: true,
  params: z.strictObject({
    oversample: z
      .number()
      .min(0)
      .max(16)
      .default(2)
      .describe('zeros around the picture: an eighth of its side for each 1'),
    input: z
      .enum(['unit', 'signed'])
      .default('unit')
      .describe(
        'what is transformed: unit, (x + 1) / 2 (DAPS); signed, x itself (DPS), whose sign is lost too',
      ),
    noise: gaussianNoise,
  }),
  operator({ oversample, input }, imageShape) {
    const pad = Math.floor((oversample / 8) * Math.max(imageShape[1], imageShape[2]));
    const [inputScale, inputShift] = input === 'unit' ? [0.5, 0.5] : [1, 0];
    return phaseRetrieval({ pad, inputScale, inputShift, norm: 'ortho', centred: true }, imageShape);
  },
  noise: (params) => params.noise,
  baseline: {
    name: 'mean colour',
    // The transform's origin is the sum of the picture: between those of a black one and of a white one.
    solve: ({ y, A }, imageShape) =>
      tf.tidy(() => {
        const shape = [y.shape[0]!, ...imageShape];
        const [black, white] = [-1, 1].map((v) => origin(A.forward(tf.fill(shape, v))));
        const range = tf.sub(white!, black!);
        const known = tf.step(tf.sub(range, 1e-3));
        const share = tf.div(tf.sub(origin(y), black!), tf.add(range, tf.sub(1, known)));
        const mean = tf.mul(known, tf.sub(tf.mul(share, 2), 1));
        return tf.mul(tf.ones(shape), mean);
      }),
  },
});

/** [B,C,1,1]. */
function origin(magnitudes: Tensor): Tensor {
  const [batch, channels, height, width] = magnitudes.shape as [number, number, number, number];
  const at = [0, 0, Math.floor(height / 2), Math.floor(width / 2)];
  return tf.slice(magnitudes, at, [batch, channels, 1, 1]);
}
