import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { superResolution } from '../operators/super-resolution.ts';
import { guidanceScale, promptText, reverseSteps } from './checked-parameters.ts';
import { guidedPasses } from './inversions/parameters.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { defineSolver } from './solver.ts';

/**
 * ILVR (arXiv 2108.02938, Algorithm 1) under a text: after each step under the wanted prompt the low-pass part phi(z), reduced
 * and enlarged, is replaced by that of the picture, noised to the same level. In latents where the prior diffuses these.
 */
export default defineSolver({
  solves: 'edit',
  name: 'ilvr-edit',
  title: 'ILVR, edit',
  version: 1,
  paper: 'Choi, Kim, Jeong, Gwon and Yoon, ICCV 2021 (arXiv 2108.02938)',
  requires: { text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    factor: z.int().min(1).default(4).describe('N, by which phi reduces; 1 keeps the whole picture'),
    freeSteps: z.int().min(0).default(0).describe('steps at the end that do not look at the picture'),
    nullPrompt: promptText('text of the unconditional prediction'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone', 7.5),
  }),
  passes: (p) => p.steps * guidedPasses(p.cfgScale),
  async solve({ x, captions, targets }, prior, p, run) {
    const c = prior.text.embed(targets);
    const predict = guided(prior, prior.text.embed(run.each(p.nullPrompt, captions)), p.cfgScale);
    const reduction = superResolution(p.factor, prior.shape);
    const phi = (z: Tensor) => (p.factor === 1 ? z : reduction.enlarge!(reduction.forward(z)));

    type S = { z: Tensor; z0: Tensor };
    type At = DdimAt & Levels;
    const sample = run.step(({ z }: S, at: At) => {
      const predicted = predict(z, at.t, c);
      return { z: at.ddim(at.clean(z, predicted), at.noise(z, predicted)) };
    });
    const refine = run.step(({ z, z0 }: S, { to }: At, { n }: { n: Tensor }) => {
      const reference = tf.add(tf.mul(to.signal, z0), tf.mul(to.noise, n));
      return { z: tf.add(z, phi(tf.sub(reference, z))) };
    });

    const z0 = prior.autoencoder?.encode(x) ?? tf.clone(x);
    let s: S = { z: run.normal('initial', prior.shape), z0 };
    for (const at of run.steps(withLevels(prior, ddim(prior, { steps: p.steps, eta: 1 })))) {
      s = await sample(s, at);
      if (at.n > p.freeSteps) s = await refine(s, at, { n: run.normal('step', prior.shape) });
    }
    return prior.autoencoder?.decode(s.z) ?? s.z;
  },
});
