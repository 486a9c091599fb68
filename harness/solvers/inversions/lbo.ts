import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { type AdamState, adamInit, adamStep, gradientOf } from '../parts/gradients.ts';
import { guided } from '../parts/guidance.ts';
import { minimiser } from '../parts/minimise.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, guidedPasses, steps, strength, walked } from './parameters.ts';
import { ascent, type Latents, type WayAt, walk, way } from './way.ts';

const LARGEST = 1e30;

/**
 * Latent bias optimisation and image latent boosting (Chen et al., 2026). LBO: each step has a bias of the picture's own, with
 * which the step down undoes the step up. ILB: the latents themselves are tuned, to be decoded as the picture and to survive
 * the way. There is no public code and the paper's losses were not available to us: this is our reading.
 */
export default defineInversion({
  name: 'lbo',
  title: 'LBO',
  version: 1,
  paper: 'Chen et al., Latent Bias Alignment for High-Fidelity Diffusion Inversion (2026)',
  params: z.strictObject({
    steps,
    strength,
    iterations: innerIterations(5, 'Adam steps on the bias of each step, of which the best is kept'),
    rate: z.number().positive().default(0.001).describe('learning rate of the biases'),
    boosts: z
      .int()
      .min(0)
      .default(0)
      .describe('how often ILB tunes the latents, each time before a way up and down; 0: LBO alone'),
    boostIterations: innerIterations(50, 'ILB: Adam steps on the latents'),
    boostRate: z.number().positive().default(0.01).describe('ILB: their learning rate'),
    mu: z.number().min(0).default(0.1).describe('ILB: weight of the distance to the latents that came back'),
    cfgScale: cfgScale(1),
  }),
  editScale: 7.5,
  passes: (p) => Math.max(1, p.boosts) * walked(p) * (1 + (p.iterations + 1) * guidedPasses(p.cfgScale)),
  async remake({ x, z0, source, target, empty }, prior, p, run) {
    type S = Latents & { lower: Tensor; adam: AdamState } & Record<'bias' | 'best' | 'least', Tensor>;
    const predict = guided(prior, empty, p.cfgScale);
    const denoised = (z: Tensor, { down: at }: WayAt, c: Tensor) => {
      const predicted = predict(z, at.t, c);
      const clean = at.clean(z, predicted);
      return { z0: clean, z: at.ddim(clean, at.noise(z, predicted)) };
    };

    const rise = ascent<S>(run, prior.predict, source);
    const enter = run.step(({ z }: S, _: WayAt) => {
      const none = tf.zerosLike(z);
      return {
        lower: tf.clone(z),
        bias: none,
        best: none,
        least: tf.fill([run.batch], LARGEST),
        adam: adamInit(z),
      };
    });
    const tune = run.step(({ z, lower, bias, best, least, adam: before }: S, at: WayAt) => {
      const { gradient, loss } = gradientOf(bias, (bias) => {
        const back = denoised(tf.add(z, bias), at, source).z;
        return { loss: tf.mean(tf.squaredDifference(back, lower), [1, 2, 3]) };
      });
      const { update, adam } = adamStep(before, gradient, p.rate);
      const better = tf.reshape(tf.less(loss, least), [-1, 1, 1, 1]);
      return {
        bias: tf.sub(bias, update),
        best: tf.where(better, bias, best),
        least: tf.minimum(loss, least),
        adam,
      };
    });
    const fall = run.step(({ z }: S, at: WayAt, { bias }: { bias: Tensor }) =>
      denoised(tf.add(z, bias), at, target),
    );

    const misfit = (z: Tensor, back: Tensor) => {
      const [ofPicture, ofLatents] = [
        tf.squaredDifference(prior.autoencoder.decode(z), x),
        tf.squaredDifference(z, back),
      ];
      return tf.add(tf.mean(ofPicture, [1, 2, 3]), tf.mul(p.mu, tf.mean(ofLatents, [1, 2, 3])));
    };
    /** From latents that have come back of a way; the first are the encoder's. */
    const boost = async (back: Tensor) => {
      const adam = { rate: p.boostRate, iterations: p.boostIterations, below: 0 };
      const found = await minimiser(run, (z) => misfit(z, back), adam)(tf.clone(back));
      back.dispose();
      return found;
    };

    const grid = way(prior, p);
    const legs = Array.from({ length: Math.max(1, p.boosts) }, () => grid.legs).flat();
    const biases: Tensor[] = [];
    const z = p.boosts > 0 ? await boost(z0) : z0;
    const start = { z, z0: z, lower: z, bias: z, best: z, least: tf.zeros([run.batch]), adam: adamInit(z) };
    return walk<S, WayAt>(run, { ...grid, legs }, start, {
      async up(s, at) {
        s = await enter(s, at);
        s = await rise(s, at);
        for (let k = 0; k < p.iterations; k++) s = await tune(s, at);
        await run.trace({ loss: s.least });
        biases.push(tf.clone(s.best));
        return s;
      },
      async down(s, at) {
        s = await fall(s, at, { bias: biases.pop()! });
        const goesOn = biases.length === 0 && at.n > 1;
        return goesOn ? { ...s, z: await boost(s.z) } : s;
      },
    });
  },
});
