/** The contrastive loss of CLIP (Radford et al., arXiv 2103.00020, figure 3). */
import { type Tensor, tf } from '../engine/tf.ts';

/** CLIP's bound of what multiplies the cosines (section 2.5). */
const LARGEST_LOG_SCALE = Math.log(100);
/** Far below every logit, yet finite. */
const MASKED = -1e9;

/**
 * Mean cross-entropy of finding each picture's caption among the batch's, and each caption's picture.
 * @param images features [N,P], of any length
 * @param texts features [N,P]
 * @param logScale scalar: the logarithm of the inverse temperature
 * @param bias [N,N], added to the logits: see `otherPairs`
 */
export function infoNce(
  { images, texts, logScale }: Record<'images' | 'texts' | 'logScale', Tensor>,
  bias: Tensor,
): Tensor {
  const scale = tf.exp(tf.minimum(logScale, LARGEST_LOG_SCALE));
  const cosines = tf.matMul(unitRows(images) as tf.Tensor2D, unitRows(texts) as tf.Tensor2D, false, true);
  const logits = tf.add(tf.mul(cosines, scale), bias);
  const diagonal = tf.eye(logits.shape[0]!);
  const found = (rows: Tensor): Tensor =>
    tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(rows as tf.Tensor2D), diagonal), 1)));
  return tf.div(tf.add(found(logits), found(tf.transpose(logits))), 2);
}

/** [N,N], row-major: hides the pairs off the diagonal whose captions are the same, which are not wrong. */
export function otherPairs(captions: readonly string[]): Float32Array {
  const count = captions.length;
  return Float32Array.from({ length: count * count }, (_, i) => {
    const [row, column] = [Math.floor(i / count), i % count];
    return row !== column && captions[row] === captions[column] ? MASKED : 0;
  });
}

/** Each row divided by its length. */
export function unitRows(x: Tensor): Tensor {
  return tf.div(x, tf.sqrt(tf.sum(tf.square(x), 1, true)));
}
