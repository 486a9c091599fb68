import { type Tensor, tf } from '../engine/tf.ts';

/** Everything that a training step changes. All are flat vectors of one length, in the order of the parameter list. */
export type OptimiserState = {
  weights: Tensor;
  /** Adam's running means of the gradient and of its square. */
  m: Tensor;
  v: Tensor;
  /** Exponential moving average of the weights: what is used in the end. */
  average: Tensor;
};

/** Scalars of one step. */
export type StepScalars = {
  learningRate: Tensor;
  correction1: Tensor;
  correction2: Tensor;
  averageDecay: Tensor;
};

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, 2015, Algorithm 1), and the moving average of its iterates. */
export function adamStep(state: OptimiserState, gradient: Tensor, s: StepScalars): OptimiserState {
  const m = tf.add(tf.mul(state.m, BETA1), tf.mul(gradient, 1 - BETA1));
  const v = tf.add(tf.mul(state.v, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
  const step = tf.div(tf.div(m, s.correction1), tf.add(tf.sqrt(tf.div(v, s.correction2)), EPSILON));
  const weights = tf.sub(state.weights, tf.mul(step, s.learningRate));
  const average = tf.add(tf.mul(state.average, s.averageDecay), tf.mul(weights, tf.sub(1, s.averageDecay)));
  return { weights, m, v, average };
}

/** The scalars of step n = 0, 1, ... of `steps`: warm-up then cosine; the average starts fast. */
export function scalarsOf(
  n: number,
  config: { steps: number; warmup: number; learningRate: number; ema: number },
): { [K in keyof StepScalars]: number } {
  const warm = Math.min(1, (n + 1) / Math.max(1, config.warmup));
  const cosine = 0.5 * (1 + Math.cos((Math.PI * n) / config.steps));
  return {
    learningRate: config.learningRate * warm * cosine,
    correction1: 1 - BETA1 ** (n + 1),
    correction2: 1 - BETA2 ** (n + 1),
    averageDecay: Math.min(config.ema, (1 + n) / (10 + n)),
  };
}
