import { type Tensor, type Tensor2D, tf } from '../../engine/tf.ts';
import { sandwich, toTensor } from '../../operators/matrix.ts';
import { keysCubic, resizeMatrix } from '../../operators/resize-matrix.ts';
import type { ClipImage } from '../../priors/prior.ts';
import { directions } from './directions.ts';
import { adamInit, adamStep } from './gradients.ts';

/**
 * TReg's adaptive negation: `steps` of a fresh Adam on the null embedding u [B,L,D] for the loss mean_l <f, u_l>, f the
 * direction of CLIP's features of the picture x [B,3,H,W], so that u says less of what x shows.
 */
export function negated(
  clip: ClipImage,
  u: Tensor,
  x: Tensor,
  { steps, rate }: { readonly steps: number; readonly rate: number },
): Tensor {
  const direction = directions(clip.features(resized(x, clip.side)));
  const [, tokens, width] = u.shape as [number, number, number];
  // The loss is linear in u: each token's gradient is f / L, at every step.
  const gradient = tf.mul(tf.div(tf.reshape(direction, [-1, 1, width]), tokens), tf.onesLike(u));
  let s = { u, adam: adamInit(u) };
  for (let k = 0; k < steps; k++) {
    const { update, adam } = adamStep(s.adam, gradient, rate);
    s = { u: tf.sub(s.u, update), adam };
  }
  return s.u;
}

/** As kornia's bicubic resize: PyTorch's kernel (a = -0.75) with align_corners, edges repeated, no antialiasing. */
function resized(x: Tensor, side: number): Tensor {
  const along = (length: number): Tensor2D =>
    toTensor(
      resizeMatrix(length, side, keysCubic(-0.75), {
        antialias: false,
        boundary: 'edge',
        scale: (side - 1) / (length - 1),
      }),
    );
  const [, , height, width] = x.shape as [number, number, number, number];
  return sandwich(along(height), x, along(width));
}
