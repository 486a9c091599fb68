/**
 * Samplers of text-to-image models under guidance: DDIM, and k-diffusion's in the picture's own scale. Guidance says what a
 * network makes of x; a sampler goes on from there.
 */
import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prior } from '../../priors/prior.ts';
import { reverseSteps } from '../checked-parameters.ts';
import type { Run } from '../run.ts';
import { known } from './annealing.ts';
import { type At, type DdimAt, ddim } from './grids.ts';
import { type NoiseLevel, type NoiseLevelAt, type NoiseLevelGrid, noiseLevels } from './noise-levels.ts';

/** Two estimates of x_0. */
export interface Estimates {
  /** Where a step leads. */
  readonly x0: Tensor;
  /** Whose noise, what of x is not in it, remains: the same, or in CFG++ the unconditional one. */
  readonly anchor: Tensor;
}

/** What guidance makes of x_t as the prior knows it; `at` reads predictions. */
export type Guidance = (x: Tensor, at: At) => Estimates;

export const samplerParams = {
  steps: reverseSteps(50),
  sampler: z
    .enum(['ddim', 'euler', 'euler-ancestral', 'dpmpp-2s-ancestral', 'dpmpp-2m'])
    .default('ddim')
    .describe("ddim on the prior's own times; the others on levels of noise as k-diffusion spaces them"),
};
type Sampling = z.infer<z.ZodObject<typeof samplerParams>>;

/** How often guidance is asked. */
export function estimates({ steps, sampler }: Sampling): number {
  return sampler === 'dpmpp-2s-ancestral' ? 2 * steps - 1 : steps;
}

/** A sample of what the prior diffuses [B,...shape]: the estimate of the last step. */
export function sampled(prior: Prior, guidance: Guidance, p: Sampling, run: Run): Promise<Tensor> {
  if (p.sampler === 'ddim') return byDdim(prior, guidance, p.steps, run);
  const at: GuidanceAt = (x, { sigma, t }) => {
    const { scaled, at } = known(prior, x, sigma, t);
    return guidance(scaled, at);
  };
  const ancestral = p.sampler === 'euler-ancestral' || p.sampler === 'dpmpp-2s-ancestral';
  const grid = noiseLevels(prior, p.steps, ancestral);
  switch (p.sampler) {
    case 'euler':
    case 'euler-ancestral':
      return byEuler(grid, at, run);
    case 'dpmpp-2s-ancestral':
      return byTwoEstimates(grid, at, run);
    case 'dpmpp-2m':
      return byLastEstimate(grid, at, run);
  }
}

/** What was sampled, as a picture. */
export function pictureOf({ autoencoder }: Prior, x0: Tensor): Tensor {
  return autoencoder?.decode(x0) ?? x0;
}

/** Song et al., arXiv 2010.02502, eq. 12. */
async function byDdim(prior: Prior, guidance: Guidance, steps: number, run: Run): Promise<Tensor> {
  const step = run.step(({ x }: { x: Tensor; x0: Tensor }, at: DdimAt) => {
    const { x0, anchor } = guidance(x, at);
    return { x: at.ddim(x0, at.noiseOf(x, anchor)), x0 };
  });
  const x = run.normal('initial', prior.shape);
  let s = { x, x0: x };
  for (const at of run.steps(ddim(prior, { steps, eta: 0 }))) s = await step(s, at);
  return s.x0;
}

/** The same of x = x_0 + sigma n. */
type GuidanceAt = (x: Tensor, level: NoiseLevel) => Estimates;

/** x_0 and what of the noise, x - anchor, remains. */
const onwards = (x: Tensor, { x0, anchor }: Estimates, remaining: Tensor) =>
  tf.add(x0, tf.mul(remaining, tf.sub(x, anchor)));

const start = ({ start, shape }: NoiseLevelGrid, run: Run) =>
  tf.mul(run.normal('initial', shape), Math.sqrt(start ** 2 + 1));

/** Karras et al., arXiv 2206.00364, eq. 3; ancestral as in k-diffusion. */
async function byEuler(grid: NoiseLevelGrid, guidance: GuidanceAt, run: Run): Promise<Tensor> {
  const step = run.step(({ x }: { x: Tensor; x0: Tensor }, at: NoiseLevelAt) => {
    const found = guidance(x, at);
    return { x: at.noised(onwards(x, found, at.remaining)), x0: found.x0 };
  });
  const x = start(grid, run);
  let s = { x, x0: x };
  for (const at of run.steps(grid)) s = await step(s, at);
  return s.x0;
}

/** DPM-Solver++(2S) (Lu et al., arXiv 2211.01095, Algorithm 1), ancestral; the last step, which has no middle, by Euler. */
async function byTwoEstimates(grid: NoiseLevelGrid, guidance: GuidanceAt, run: Run): Promise<Tensor> {
  type Way = { byMiddle: boolean };
  const step = run.step(({ x }: { x: Tensor; x0: Tensor }, at: NoiseLevelAt, { byMiddle }: Way) => {
    const first = guidance(x, at);
    if (!byMiddle) return { x: onwards(x, first, at.remaining), x0: first.x0 };
    // Half-way all follows the anchor, as in the public code of CFG++.
    const middle = onwards(x, { x0: first.anchor, anchor: first.anchor }, at.middle.remaining);
    return { x: at.noised(onwards(x, guidance(middle, at.middle), at.remaining)), x0: first.x0 };
  });
  const x = start(grid, run);
  let s = { x, x0: x };
  for (const at of run.steps(grid)) s = await step(s, at, { byMiddle: at.n > 1 });
  return s.x0;
}

/** DPM-Solver++(2M) (there, Algorithm 2): the estimate is carried on along its change since the last anchor. */
async function byLastEstimate(grid: NoiseLevelGrid, guidance: GuidanceAt, run: Run): Promise<Tensor> {
  const step = run.step(({ x, last }: { x: Tensor; x0: Tensor; last: Tensor }, at: NoiseLevelAt) => {
    const found = guidance(x, at);
    const change = tf.mul(at.memory, tf.sub(found.x0, last));
    return { x: tf.add(onwards(x, found, at.remaining), change), x0: found.x0, last: found.anchor };
  });
  const x = start(grid, run);
  let s = { x, x0: x, last: x };
  for (const at of run.steps(grid)) s = await step(s, at);
  return s.x0;
}
