/** Pictures to start from that the measurement gives by itself. */
import { type Tensor, tf } from '../../engine/tf.ts';
import { sandwich, toTensor } from '../../operators/matrix.ts';
import type { Operator } from '../../operators/operator.ts';
import { keysCubic, resizeMatrix } from '../../operators/resize-matrix.ts';

type ImageShape = readonly [channels: number, height: number, width: number];

/** OpenCV's and PyTorch's bicubic enlargement. */
const ENLARGING = { kernel: keysCubic(-0.75), options: { antialias: false, boundary: 'edge' } } as const;

/**
 * The measurement [B,c,h,w] as a picture [B,C,H,W]: enlarged (bicubic, a = -0.75, edge clamped) where its sides are
 * others, its one channel repeated where the picture has more.
 */
export function asPicture(y: Tensor, [channels, height, width]: ImageShape): Tensor {
  const [, c, h, w] = y.shape as [number, number, number, number];
  const { kernel, options } = ENLARGING;
  const sized =
    h === height && w === width
      ? tf.clone(y)
      : sandwich(
          toTensor(resizeMatrix(h, height, kernel, options)),
          y,
          toTensor(resizeMatrix(w, width, kernel, options)),
        );
  return c === channels ? sized : tf.tile(sized, [1, channels, 1, 1]);
}

/** A^+ y where A has a pseudo-inverse, else what A takes for it, else the measurement as a picture. */
export function firstGuess(A: Operator, y: Tensor, shape: ImageShape): Tensor {
  return tf.clone(A.pseudoInverse?.(y) ?? A.guess?.(y) ?? asPicture(y, shape));
}
