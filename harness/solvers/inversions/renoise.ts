import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { norm } from '../parts/gradients.ts';
import { guided } from '../parts/guidance.ts';
import type { Visit } from '../run.ts';
import { defineInversion } from './inversion.ts';
import { regularised, rollsShape } from './noise-regularisation.ts';
import { cfgScale, guidedPasses, inversionScale, steps, strength, walked } from './parameters.ts';
import { legOf, noiseOf, SAMPLERS, type TurnedAt, turn } from './samplers.ts';
import { walk } from './way.ts';

/** The first legs up, of times below this share of all, are walked with few iterations and averaged over the first ones. */
const EARLY = 0.25;
const MOST_EARLY = 5;
/** Iterations whose predictions are averaged, from one to before another. */
const AVERAGED = { early: [0, 5], late: [8, 10] } as const;
/** Noise correction: so many moves of a fixed length. */
const MOVES = 10;
const MOVE = 1.8;

/**
 * ReNoise (arXiv 2403.14602, Algorithm 1): a step up is iterated, z = up(z_lower, e(z, t)), its noise regularised, and taken last
 * with the mean of several iterations' predictions; of samplers that add noise, that noise is corrected.
 */
export default defineInversion({
  name: 'renoise',
  title: 'ReNoise',
  version: 1,
  paper: 'Garibi, Patashnik, Voynov, Averbuch-Elor and Cohen-Or, ECCV 2024 (arXiv 2403.14602)',
  params: z.strictObject({
    steps,
    strength,
    sampler: z.enum(SAMPLERS).default('ddim').describe('euler-ancestral: for models of few steps'),
    iterations: innerIterations(
      1,
      'renoising iterations of a step up (models of few steps: 9; at most 5 on early legs)',
      0,
    ),
    average: z
      .boolean()
      .default(true)
      .describe(
        'whether the last step is taken with a mean of predictions: iterations 0 to 4 early, 8 and 9 later',
      ),
    regularise: z.boolean().default(true).describe("whether predictions' statistics are corrected"),
    reference: z
      .enum(['noised', 'latents'])
      .default('noised')
      .describe(
        "what the network is shown for the right statistics: the picture's latents, noised or (public code for Stable Diffusion) as they are",
      ),
    correctNoise: z
      .boolean()
      .default(true)
      .describe('euler-ancestral: whether the noise that steps add is moved to where it reconstructs'),
    inversionScale,
    cfgScale: cfgScale(1),
  }),
  passes(p) {
    const legs = walked(p);
    const early = Math.min(legs, Math.ceil(EARLY * p.steps));
    const iterations = early * Math.min(p.iterations, MOST_EARLY) + (legs - early) * p.iterations;
    const corrected = p.sampler === 'euler-ancestral' && p.correctNoise ? legs - 1 : 0;
    const up = iterations + legs + (p.regularise ? legs : 0) + corrected;
    return up * guidedPasses(p.inversionScale) + legs * guidedPasses(p.cfgScale);
  },
  async remake({ z0, source, target, empty }, prior, p, run) {
    type S = Record<'z' | 'z0' | 'lower' | 'forward' | 'reference' | 'sum' | 'n', Tensor>;
    type N = { n: Tensor };
    type Rolled = N & { rolls?: Tensor };
    const predict = guided(prior, empty, p.inversionScale);
    const noise = (z: Tensor, at: TurnedAt) => at.noise(z, predict(at.shown(z), at.t, source));

    const enter = run.step(({ z }: S, _: TurnedAt) => ({ lower: tf.clone(z), sum: tf.zerosLike(z) }));
    const refer = run.step(({ z0, forward }: S, at: TurnedAt) => ({
      reference: noise(p.reference === 'noised' ? at.noised(z0, forward) : z0, at),
    }));
    const renoise = run.step((s: S, at: TurnedAt, { n, rolls, averages }: Rolled & { averages: boolean }) => {
      const e = noise(s.z, at);
      const corrected = rolls ? regularised(e, s.reference, rolls) : e;
      return { z: at.up(s.lower, corrected, n), ...(averages && { sum: tf.add(s.sum, e) }) };
    });
    const average = run.step((s: S, at: TurnedAt, { n, rolls, count }: Rolled & { count: number }) => {
      const e = tf.div(s.sum, count);
      return { z: at.up(s.lower, rolls ? regularised(e, s.reference, rolls) : e, n) };
    });
    const correct = run.step(({ z, lower }: S, at: TurnedAt, { n }: N) => {
      const wanted = at.added(z, noise(z, at), lower);
      for (let k = 0; k < MOVES; k++) {
        const away = tf.sub(n, wanted);
        n = tf.sub(n, tf.div(tf.mul(MOVE, away), tf.reshape(norm(away), [-1, 1, 1, 1])));
      }
      return { n };
    });
    const generate = guided(prior, empty, p.cfgScale);
    const down = run.step(({ z }: S, at: TurnedAt, { n }: N) => ({
      z: at.down(z, at.noise(z, generate(at.shown(z), at.t, target)), n),
    }));

    const sampler = turn(p.sampler, prior, p, run);
    const drawsForward = p.regularise && p.reference === 'noised';
    const forward = drawsForward ? run.normal('step', prior.shape) : tf.zerosLike(z0);
    const rolls = () => (p.regularise ? { rolls: run.uniform('step', rollsShape(prior.shape)) } : {});
    const n = (at: Visit<TurnedAt>) => noiseOf(sampler, at);
    const start = { z: z0, z0: tf.clone(z0), lower: z0, forward, reference: z0, sum: z0, n: z0 };
    return walk<S, TurnedAt>(run, sampler.grid, start, {
      async up(s, at) {
        const isEarly = at.next < EARLY * prior.schedule.length;
        const iterations = isEarly ? Math.min(p.iterations, MOST_EARLY) : p.iterations;
        const [from, before] = AVERAGED[isEarly ? 'early' : 'late'];
        const count = p.average ? Math.max(0, Math.min(before, iterations + 1) - from) : 0;
        s = await enter(s, at);
        if (p.regularise) s = await refer(s, at);
        for (let k = 0; k <= iterations; k++) {
          const regularises = k >= from || (!p.average && k > 0);
          const averages = p.average && k >= from && k < before;
          s = await renoise(s, at, { n: n(at), averages, ...(regularises && rolls()) });
        }
        if (count > 0) s = await average(s, at, { n: n(at), count, ...rolls() });
        const leg = legOf(sampler.noises.length, at);
        const added = sampler.noises[leg];
        if (added && p.correctNoise) {
          s = await correct(s, at, { n: n(at) });
          added.dispose();
          sampler.noises[leg] = tf.clone(s.n);
        }
        return s;
      },
      down: async (s, at) => down(s, at, { n: n(at) }),
    });
  },
});
