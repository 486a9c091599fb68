/**
 * The loss of a diffusion model with learned variance (Nichol and Dhariwal, arXiv 2102.09672, eqs. 4 to 7 and 14 to 16;
 * GaussianDiffusion.training_losses of openai/guided-diffusion@22e0df8 with learn_sigma and rescale_learned_sigmas).
 */
import { stopGradient } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { type DdpmStep, type DdpmTables, ddpmStepAt, pMeanVariance, splitOutput } from '../priors/ddpm.ts';

/** The tables at each picture's own time, float32 [B,1,1,1]. */
export type TimeTables = DdpmStep<Tensor> & {
  /** alpha-bar */
  readonly kept: Tensor;
  /** 1 at time 0, whose term is the likelihood of the bytes; 0 at the others. */
  readonly last: Tensor;
};

const COLUMNS = ['recip', 'recipM1', 'coef1', 'coef2', 'minLog', 'maxLog'] as const;

export function timeTables(tables: DdpmTables, times: readonly number[]): TimeTables {
  const column = (values: number[]): Tensor => tf.tensor(values, [values.length, 1, 1, 1]);
  const steps = times.map((t) => ddpmStepAt(tables, t));
  const entries = COLUMNS.map((name) => [name, column(steps.map((step) => step[name]))] as const);
  return {
    ...(Object.fromEntries(entries) as Record<(typeof COLUMNS)[number], Tensor>),
    kept: column(times.map((t) => tables.alphasCumprod[t]!)),
    last: column(times.map((t) => (t === 0 ? 1 : 0))),
  };
}

/** A sample of q(x_t | x_0). Images [B,C,H,W]. */
export function noised(x0: Tensor, noise: Tensor, { kept }: TimeTables): Tensor {
  return tf.add(tf.mul(x0, tf.sqrt(kept)), tf.mul(noise, tf.sqrt(tf.sub(1, kept))));
}

/**
 * L_simple, the mean squared error of the noise, and one term of L_vlb, in bits a value, each [B]. The noise gets no
 * gradient through the second, which teaches the variance alone.
 * @param x0 pictures made of bytes, [B,C,H,W] in [-1,1]
 * @param xt their `noised`
 * @param output of the network, [B,2C,H,W]
 */
export function hybridTerms(
  { x0, xt, noise, output }: Record<'x0' | 'xt' | 'noise' | 'output', Tensor>,
  at: TimeTables,
): { simple: Tensor; bits: Tensor } {
  const predicted = splitOutput(output);
  const frozen = { x: xt, noise: stopGradient(predicted.noise), variance: predicted.variance, at };
  const { mean, logVariance } = pMeanVariance(frozen, { clipDenoised: false });
  const trueMean = tf.add(tf.mul(at.coef1, x0), tf.mul(at.coef2, xt));
  const nats = tf.where(
    tf.broadcastTo(tf.greater(at.last, 0), x0.shape),
    tf.neg(byteLogLikelihood(x0, mean, logVariance)),
    normalDivergence({ mean: trueMean, logVariance: at.minLog }, { mean, logVariance }),
  );
  return {
    simple: meanOfEach(tf.squaredDifference(predicted.noise, noise)),
    bits: tf.div(meanOfEach(nats), Math.LN2),
  };
}

type Normal = { readonly mean: Tensor; readonly logVariance: Tensor };

/** KL(p || q) of independent normal distributions, in nats. */
function normalDivergence(p: Normal, q: Normal): Tensor {
  const spread = tf.sub(p.logVariance, q.logVariance);
  const shift = tf.mul(tf.squaredDifference(p.mean, q.mean), tf.exp(tf.neg(q.logVariance)));
  return tf.mul(tf.add(tf.sub(tf.exp(spread), tf.add(spread, 1)), shift), 0.5);
}

const HALF_BYTE = 1 / 255;
const LEAST = 1e-12;

/** log of the probability that a normal distribution gives to a byte's interval; the outermost bytes take the tails. */
function byteLogLikelihood(x: Tensor, mean: Tensor, logVariance: Tensor): Tensor {
  const inverse = tf.exp(tf.mul(logVariance, -0.5));
  const centred = tf.sub(x, mean);
  const below = standardNormalCdf(tf.mul(inverse, tf.sub(centred, HALF_BYTE)));
  const above = standardNormalCdf(tf.mul(inverse, tf.add(centred, HALF_BYTE)));
  const log = (share: Tensor): Tensor => tf.log(tf.maximum(share, LEAST));
  return tf.where(
    tf.less(x, -0.999),
    log(above),
    tf.where(tf.greater(x, 0.999), log(tf.sub(1, below)), log(tf.sub(above, below))),
  );
}

/** The reference's approximation. */
function standardNormalCdf(x: Tensor): Tensor {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.add(tf.tanh(inner), 1), 0.5);
}

function meanOfEach(images: Tensor): Tensor {
  return tf.mean(tf.reshape(images, [images.shape[0]!, -1]), 1);
}
