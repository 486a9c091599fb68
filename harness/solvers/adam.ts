/** Adam (Kingma and Ba, arXiv 1412.6980, Algorithm 1), as a pure function so that it runs inside a compiled step. */
import { type Tensor, tf } from '../engine/tf.ts';

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** Both moments, and the bias corrections 1 - beta^t of the steps so far. */
export type AdamState = {
  readonly m: Tensor;
  readonly v: Tensor;
  readonly correction1: Tensor;
  readonly correction2: Tensor;
};

/** A fresh state for a variable of x's shape. */
export function adamInit(x: Tensor): AdamState {
  return {
    m: tf.zeros(x.shape),
    v: tf.zeros(x.shape),
    correction1: tf.scalar(0),
    correction2: tf.scalar(0),
  };
}

/** What to subtract from the variable, and the state after the step. */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  rate: Tensor,
): { update: Tensor; adam: AdamState } {
  const adam = {
    m: decay(state.m, BETA_1, gradient),
    v: decay(state.v, BETA_2, tf.square(gradient)),
    correction1: decay(state.correction1, BETA_1, 1),
    correction2: decay(state.correction2, BETA_2, 1),
  };
  const scale = tf.add(tf.sqrt(tf.div(adam.v, adam.correction2)), EPSILON);
  return { update: tf.mul(rate, tf.div(tf.div(adam.m, adam.correction1), scale)), adam };
}

/** b x + (1 - b) news: 1 - b^t is itself such an average of ones, which keeps it exact in float32 for small t. */
function decay(x: Tensor, b: number, news: Tensor | number): Tensor {
  return tf.add(tf.mul(x, b), tf.mul(news, 1 - b));
}
