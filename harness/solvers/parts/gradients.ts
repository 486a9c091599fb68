/** Losses of each image, their gradients and Adam. Norms are never taken over the whole batch: images know nothing of it. */
import { flatten, type Tree, unflatten } from '../../engine/compile.ts';
import { type Tensor, tf } from '../../engine/tf.ts';

/**
 * The gradient of `loss` (summed where it is one an image) with respect to x, and what else the same pass made, so that a
 * step need not compute it twice.
 */
export function gradientOf<K extends Record<string, Tensor>>(
  x: Tensor,
  pass: (x: Tensor) => K & { loss: Tensor },
): K & { loss: Tensor; gradient: Tensor } {
  const { gradients, ...made } = gradientsOf({ x }, ({ x }) => pass(x));
  return { ...(made as unknown as K & { loss: Tensor }), gradient: gradients.x };
}

/** The same with respect to several, by their names. */
export function gradientsOf<N extends string, K extends { readonly [key: string]: Tree }>(
  xs: Readonly<Record<N, Tensor>>,
  pass: (xs: Readonly<Record<N, Tensor>>) => K & { loss: Tensor },
): K & { loss: Tensor } & { gradients: Readonly<Record<N, Tensor>> } {
  const named = <T>(values: readonly T[]) =>
    Object.fromEntries(Object.keys(xs).map((name, i) => [name, values[i]!])) as Record<N, T>;
  let held: (K & { loss: Tensor }) | undefined;
  const gradients = tf.grads((...inner: Tensor[]) => {
    held = pass(named(inner));
    for (const tensor of flatten(held).leaves) tf.keep(tensor as Tensor);
    return tf.sum(held.loss);
  })(Object.values(xs));
  // A tensor may stand in several places.
  const leaves = flatten(held!).leaves as Tensor[];
  const released = new Map([...new Set(leaves)].map((tensor) => [tensor, releaseToScope(tensor)]));
  const made = unflatten(
    held!,
    leaves.map((tensor) => released.get(tensor)!),
  );
  return { ...(made as K & { loss: Tensor }), gradients: named(gradients) };
}

/** Hands a tensor that was kept past the gradient's own scope to the scope around it. */
function releaseToScope(kept: Tensor): Tensor {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}

/** Below this a residual is nothing, and so is its norm's gradient. */
const TINY = 1e-15;

/** Sum of squares of each image, [B,...] -> [B]. */
export function sumSquares(x: Tensor): Tensor {
  return tf.sum(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1);
}

/** Euclidean norm of each image, [B,...] -> [B]; its gradient is x / ||x||, and 0 where x is 0. */
export function norm(x: Tensor): Tensor {
  return tf.customGrad(guardedNorm)(tf.reshape(x, [x.shape[0]!, -1]));
}

const guardedNorm: Parameters<typeof tf.customGrad>[0] = (rows, save) => {
  const x = rows as Tensor;
  const value = tf.sqrt(tf.sum(tf.square(x), 1, true));
  (save as (tensors: Tensor[]) => void)([x, value]);
  return {
    value: tf.reshape(value, [-1]),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [x, value] = saved as [Tensor, Tensor];
      return tf.mul(tf.reshape(dy, [-1, 1]), tf.div(x, tf.maximum(value, TINY)));
    },
  };
};

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

/** One step of Adam (Kingma and Ba, arXiv 1412.6980, Algorithm 1): what to subtract from the variable, and the next state. */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  rate: Tensor | number,
  { beta2 = BETA_2, epsilon = EPSILON } = {},
): { update: Tensor; adam: AdamState } {
  const adam = {
    m: decay(state.m, BETA_1, gradient),
    v: decay(state.v, beta2, tf.square(gradient)),
    correction1: decay(state.correction1, BETA_1, 1),
    correction2: decay(state.correction2, beta2, 1),
  };
  const scale = tf.add(tf.sqrt(tf.div(adam.v, adam.correction2)), epsilon);
  return { update: tf.mul(rate, tf.div(tf.div(adam.m, adam.correction1), scale)), adam };
}

/** b x + (1 - b) news: 1 - b^t is itself such an average of ones, which keeps it exact in float32 for small t. */
function decay(x: Tensor, b: number, news: Tensor | number): Tensor {
  return tf.add(tf.mul(x, b), tf.mul(news, 1 - b));
}
