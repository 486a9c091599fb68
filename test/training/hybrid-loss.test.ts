import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { ddpmTables } from '../../harness/priors/ddpm.ts';
import { ADM_BETAS } from '../../harness/priors/guided-diffusion.ts';
import { hybridTerms, noised, timeTables } from '../../harness/training/hybrid-loss.ts';
import { useDevice } from '../support/device.ts';

/** The last time, whose term is the likelihood of the bytes, and two others. */
const TIMES = [0, 1, 700];
const SHAPE = [TIMES.length, 1, 2, 2];
const VALUES = 4;

const random = (image: string): Float64Array =>
  Float64Array.from(normals({ seed: 1, role: 'train', image, draw: 0 }, TIMES.length * VALUES));
/** Black and white, whose bytes take the tails, and greys. */
const x0 = Float64Array.from({ length: 12 }, (_, i) => [-1, 1, 20 / 127.5 - 1, 130 / 127.5 - 1][i % 4]!).map(
  Math.fround,
);
const noise = random('noise');
const predicted = noise.map((value, i) => Math.fround(value + 0.3 * random('error')[i]!));
const variance = random('variance').map((value) => Math.fround(Math.tanh(value)));

/** Both terms of picture n as the papers write them, in float64; `frozen` is the prediction that the bound sees. */
function expected(n: number, v: Float64Array, frozen = predicted): { simple: number; bits: number } {
  const t = TIMES[n]!;
  const bar = (s: number) => ADM_BETAS.slice(0, s + 1).reduce((product, beta) => product * (1 - beta), 1);
  const [kept, before, beta] = [bar(t), bar(t - 1), ADM_BETAS[t]!];
  const posterior = (s: number) => (ADM_BETAS[s]! * (1 - bar(s - 1))) / (1 - bar(s));
  const least = Math.log(posterior(Math.max(t, 1)));
  const mean = (a: number, xt: number) =>
    ((Math.sqrt(before) * beta) / (1 - kept)) * a + ((Math.sqrt(1 - beta) * (1 - before)) / (1 - kept)) * xt;
  let [simple, nats] = [0, 0];
  for (let i = n * VALUES; i < (n + 1) * VALUES; i++) {
    const xt = Math.sqrt(kept) * x0[i]! + Math.sqrt(1 - kept) * noise[i]!;
    const guess = (xt - Math.sqrt(1 - kept) * frozen[i]!) / Math.sqrt(kept);
    const share = (v[i]! + 1) / 2;
    const log = share * Math.log(beta) + (1 - share) * least;
    simple += (predicted[i]! - noise[i]!) ** 2 / VALUES;
    if (t === 0) {
      nats -= Math.log(byteProbability(x0[i]!, mean(guess, xt), Math.exp(log / 2))) / VALUES;
    } else {
      const distance = (mean(x0[i]!, xt) - mean(guess, xt)) ** 2;
      nats += (log - least - 1 + Math.exp(least - log) + distance / Math.exp(log)) / 2 / VALUES;
    }
  }
  return { simple, bits: nats / Math.LN2 };
}

function byteProbability(x: number, mean: number, deviation: number): number {
  const below = (at: number) => {
    const z = (at - mean) / deviation;
    return (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))) / 2;
  };
  if (x === -1) return below(x + 1 / 255);
  return x === 1 ? 1 - below(x - 1 / 255) : below(x + 1 / 255) - below(x - 1 / 255);
}

const images = (values: Float64Array): Tensor => tf.tensor(Float32Array.from(values), SHAPE);

function terms(output: Tensor): { simple: Tensor; bits: Tensor } {
  const at = timeTables(ddpmTables(ADM_BETAS, { method: 'all' }), TIMES);
  const [pictures, draws] = [images(x0), images(noise)];
  return hybridTerms({ x0: pictures, xt: noised(pictures, draws, at), noise: draws, output }, at);
}

const output = (): Tensor => tf.concat([images(predicted), images(variance)], 1);

describe.each(['cpu-reference', 'cpu'])('the hybrid loss on %s', (name) => {
  let run: (fn: (output: Tensor) => { [key: string]: Tensor }) => Promise<Record<string, readonly number[]>>;
  beforeAll(async () => {
    const { compile } = await useDevice(name);
    run = async (fn) => {
      const result = await compile(({ at }: { at: Tensor }) => fn(at))({ at: output() });
      const entries = Object.entries(result).map(async ([key, t]) => [key, [...(await t.data())]] as const);
      return Object.fromEntries(await Promise.all(entries));
    };
  });

  it('is the mean squared error and one term of the bound for each picture', async () => {
    const { simple, bits } = await run(terms);
    for (const n of TIMES.keys()) {
      const want = expected(n, variance);
      expect(simple![n]! / want.simple).toBeCloseTo(1, 5);
      expect(bits![n]! / want.bits).toBeCloseTo(1, 3);
    }
  });

  it('teaches the variance by the bound alone, and the noise by the error alone', async () => {
    const gradients = await run((at) => ({
      simple: tf.grad((x) => tf.sum(terms(x).simple))(at),
      bits: tf.grad((x) => tf.sum(terms(x).bits))(at),
    }));
    const half = (of: readonly number[], n: number, which: 0 | 1) =>
      of.slice((2 * n + which) * VALUES, (2 * n + which + 1) * VALUES);
    for (const n of TIMES.keys()) {
      expect(half(gradients.simple!, n, 1)).toEqual([0, 0, 0, 0]);
      expect(half(gradients.bits!, n, 0)).toEqual([0, 0, 0, 0]);
      for (let i = 0; i < VALUES; i++) {
        const at = n * VALUES + i;
        const error = (2 * (predicted[at]! - noise[at]!)) / VALUES;
        expect(half(gradients.simple!, n, 0)[i]! / error).toBeCloseTo(1, 4);
        const moved = (by: number) => expected(n, variance.with(at, variance[at]! + by)).bits;
        const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(half(gradients.bits!, n, 1)[i]!).toBeCloseTo(slope, 2);
      }
    }
  });
});
