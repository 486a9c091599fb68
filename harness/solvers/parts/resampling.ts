/** What ReSample's steps (arXiv 2307.08123) may do beside DDIM's. a is abar where a step starts, b where it lands. */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prediction } from '../../priors/prior.ts';
import type { Coefficients, DdimAt, Grid } from './grids.ts';

interface PlainAt extends DdimAt {
  /** The public code's estimate of z_0: (z - (1 - a) e) / sqrt(a), where Tweedie's has the root of 1 - a. */
  codeClean(z: Tensor, predicted: Prediction): Tensor;
}

export interface ResampleAt extends PlainAt {
  /** a. */
  readonly abar: Tensor;
  /** The next steps as the public code looks ahead: each with its own a and b, and the network's time of the one after. */
  readonly ahead: readonly PlainAt[];
  /**
   * A sample of p(z_t | zh, z'): both are noisy views of z_t, sqrt(b) zh of variance s and z' of variance 1 - b
   * (Proposition 1), with s = gamma (1 - b) / (1 - a) (1 - a / b).
   */
  resample(zh: Tensor, z: Tensor, gaussian: Tensor): Tensor;
}

export function resampling(
  grid: Grid<DdimAt>,
  { gamma, lookAhead }: { readonly gamma: number; readonly lookAhead: number },
): Grid<ResampleAt> {
  const plain = (c: Readonly<Record<string, Tensor>>, gaussian: Tensor): PlainAt => {
    const at = grid.at(c, gaussian);
    const codeClean = (z: Tensor, predicted: Prediction) =>
      tf.div(tf.sub(z, tf.mul(tf.square(c.noise!), at.noise(z, predicted))), c.signal!);
    return { ...at, codeClean };
  };
  return {
    ...grid,
    coefficients(legs) {
      const all = grid.coefficients(legs);
      const from = (i: number) => all[Math.min(i, all.length - 1)]!;
      return all.map((own, i) => {
        const [a, b] = [own.signal! ** 2, own.signalNext! ** 2];
        const s = (gamma * (1 - b) * (1 - a / b)) / (1 - a);
        const weight = s === 0 ? 0 : s / (s + 1 - b);
        const ahead = Array.from({ length: lookAhead }, (_, k) =>
          named(k, { ...from(i + k), t: from(i + k + 1).t }),
        );
        return Object.assign(
          { ...own, weight, deviation: Math.sqrt(weight * (1 - b)) },
          ...ahead,
        ) as Coefficients;
      });
    },
    at: (c, gaussian) => ({
      ...plain(c, gaussian),
      abar: tf.square(c.signal!),
      ahead: Array.from({ length: lookAhead }, (_, k) => plain(unnamed(k, c), gaussian)),
      resample(zh, z, gaussian) {
        const mean = tf.add(tf.mul(tf.mul(c.weight!, c.signalNext!), zh), tf.mul(tf.sub(1, c.weight!), z));
        return tf.add(mean, tf.mul(c.deviation!, gaussian));
      },
    }),
  };
}

/** The coefficients of the k-th step ahead among those of the step itself. */
function named(k: number, coefficients: Coefficients): Record<string, number> {
  return Object.fromEntries(Object.entries(coefficients).map(([name, value]) => [`${name}+${k}`, value]));
}

function unnamed<T>(k: number, all: Readonly<Record<string, T>>): Record<string, T> {
  const end = `+${k}`;
  const ours = Object.entries(all).filter(([name]) => name.endsWith(end));
  return Object.fromEntries(ours.map(([name, value]) => [name.slice(0, -end.length), value]));
}
