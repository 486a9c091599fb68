import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { projectionOf } from '../operators/projection.ts';
import type { Prior } from '../priors/prior.ts';
import type { Level } from '../priors/schedule.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type At, type Grid, reading } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/** Where a step stands beside the level a of the auxiliary variable. */
interface BesideAt extends At {
  /** A sample of level a, noised on to this one: (signal / signal_a) x_a + sqrt(1 - (signal / signal_a)^2) n. */
  noisedOn(xa: Tensor, n: Tensor): Tensor;
}

/** The prior's own grid, whose first time is visited twice: for the start, and as the first step. */
function twiceFromTheTop(prior: Prior, steps: number, a: Level): Grid<BesideAt> {
  const legs = prior.schedule.legs(steps);
  return {
    legs: [{ t: legs[0]!.t, next: legs[0]!.t }, ...legs],
    shape: prior.shape,
    coefficients: (legs) =>
      legs.map(({ t }) => {
        const level = prior.schedule.level(t);
        const share = Math.min(level.signal / a.signal, 1);
        return { t, fresh: 0, ...level, share, rest: Math.sqrt(1 - share ** 2) };
      }),
    at: (c) => ({
      ...reading(prior, c),
      noisedOn: (xa, n) => tf.add(tf.mul(c.share!, xa), tf.mul(c.rest!, n)),
    }),
  };
}

/**
 * ProjDiff (arXiv 2406.06959): projected gradient descent on x_0, its gradient through the network cut off, and under noise on
 * an auxiliary x_a too: a sample of the level whose noise is the measurement's.
 */
export default defineSolver({
  name: 'projdiff',
  title: 'ProjDiff',
  version: 1,
  paper: 'Zhang, Zhuang, Jin, Li and Gu, NeurIPS 2024 (arXiv 2406.06959)',
  requires: { pixels: true, projection: true },
  params: z.strictObject({
    steps: reverseSteps(100),
    lr: z.number().positive().default(1).describe('step size towards each estimate (public code: 0.1 to 4)'),
    repeats: z.int().min(1).default(1).describe('updates at each time'),
    projections: z
      .int()
      .min(1)
      .max(2)
      .default(1)
      .describe('in a step without noise; 2: also before it, as the public code does in phase retrieval'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe('public-code: lr counts for nothing at times noisier than the measurement'),
  }),
  passes: (p) => 1 + p.steps * p.repeats,
  async solve({ y, A, sigma }, prior, p, run) {
    const { project, variance } = projectionOf(A);
    // The level a: noise / signal is the standard deviation of A^+ n.
    const signal = 1 / Math.sqrt(1 + variance * sigma ** 2);
    const a: Level = { signal, noise: Math.sqrt(1 - signal ** 2) };
    type S = { x: Tensor; x0: Tensor; xa: Tensor };
    type Draws = Partial<Record<'n' | 'na', Tensor>>;
    const sampleOfA = (x: Tensor, n: Tensor) => tf.add(tf.mul(a.signal, x), tf.mul(a.noise, n));
    const towards = (x: Tensor, x0: Tensor, lr = p.lr) => tf.add(x, tf.mul(lr, tf.sub(x0, x)));
    const estimate = (xt: Tensor, at: At) => at.clean(xt, prior.predict(xt, at.t));

    const start = run.step((_: S, at: BesideAt, { n, na }: Draws) => {
      const x0 = estimate(at.noised(tf.zerosLike(n!), n!), at);
      return { x: x0, x0, xa: na ? sampleOfA(x0, na) : x0 };
    });
    const noiseless = run.step(({ x }: S, at: BesideAt, { n }: Draws) => {
      const agreeing = p.projections === 2 ? project(x, y, 1) : x;
      const x0 = estimate(at.noised(agreeing, n!), at);
      return { x: project(towards(x, x0), y, 1), x0 };
    });
    // Noisier than the measurement: x_t from x_a, which then follows x_0 and y.
    const above = run.step((s: S, at: BesideAt, { n, na }: Draws) => {
      const x0 = estimate(at.noisedOn(s.xa, n!), at);
      const x = p.variant === 'paper' ? towards(s.x, x0) : x0;
      return { x, x0, xa: project(sampleOfA(x, na!), y, a.signal) };
    });
    // Less noisy: x_t from x_0, with the noise that x_a has beside it.
    const below = run.step((s: S, at: BesideAt) => {
      const n = tf.div(tf.sub(s.xa, tf.mul(a.signal, s.x)), a.noise);
      const x0 = estimate(at.noised(s.x, n), at);
      return { x: towards(s.x, x0), x0 };
    });

    const normal = () => run.normal('step', prior.shape);
    const n = run.normal('initial', prior.shape);
    let s: S = { x: n, x0: n, xa: n };
    for (const at of run.steps(twiceFromTheTop(prior, p.steps, a))) {
      if (s.x === n) {
        s = await start(s, at, sigma === 0 ? { n } : { n, na: normal() });
        continue;
      }
      for (let k = 0; k < p.repeats; k++) {
        if (sigma === 0) s = await noiseless(s, at, { n: normal() });
        else if (prior.schedule.level(at.t).signal > a.signal) s = await below(s, at);
        else s = await above(s, at, { n: normal(), na: normal() });
      }
    }
    return s.x;
  },
});
