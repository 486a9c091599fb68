import { z } from 'zod';
import { maxPool2d } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { guidanceScale, promptText, reverseSteps } from './checked-parameters.ts';
import { guidedPasses, walked } from './inversions/parameters.ts';
import { shortened } from './inversions/way.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { defineSolver } from './solver.ts';

/**
 * SDEdit under a text (arXiv 2108.01073, Algorithm 3; with a mask, Algorithm 4): the picture is noised to t0 and denoised under
 * the wanted prompt. What lies outside of the mask is put back at each level.
 */
export default defineSolver({
  solves: 'edit',
  name: 'sdedit-edit',
  title: 'SDEdit, edit',
  version: 1,
  paper: 'Meng, He, Song, Song, Wu, Zhu and Ermon, ICLR 2022 (arXiv 2108.01073)',
  requires: { text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    t0: z
      .number()
      .positive()
      .max(1)
      .default(0.5)
      .describe('where the picture enters, as a share of the steps'),
    eta: z.number().min(0).max(1).default(1).describe('stochasticity of DDIM; 0 is deterministic'),
    nullPrompt: promptText('text of the unconditional prediction'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone', 7.5),
    keepKnown: z
      .boolean()
      .default(true)
      .describe('where the task says what may change: put the rest back at each step'),
  }),
  passes: (p) => walked({ steps: p.steps, strength: p.t0 }) * guidedPasses(p.cfgScale),
  async solve({ x, captions, targets, mask }, prior, p, run) {
    const c = prior.text.embed(targets);
    const predict = guided(prior, prior.text.embed(run.each(p.nullPrompt, captions)), p.cfgScale);
    const changing = mask && p.keepKnown ? maxPool2d(mask, x.shape[2]! / prior.shape[1]) : null;
    /** a where the picture is to stay, b elsewhere. */
    const kept = (a: Tensor, b: Tensor) => (changing ? tf.add(a, tf.mul(changing, tf.sub(b, a))) : b);

    type S = { z: Tensor; z0: Tensor; e: Tensor };
    type At = DdimAt & Levels;
    const noise = run.step(({ z0, e }: S, at: At) => ({ z: at.noised(z0, e) }));
    const denoise = run.step(({ z, z0, e }: S, at: At) => {
      const predicted = predict(z, at.t, c);
      const known = tf.add(tf.mul(at.to.signal, z0), tf.mul(at.to.noise, e));
      return { z: kept(known, at.ddim(at.clean(z, predicted), at.noise(z, predicted))) };
    });

    const z0 = prior.autoencoder?.encode(x) ?? tf.clone(x);
    let s: S = { z: z0, z0, e: run.normal('initial', prior.shape) };
    const grid = shortened(withLevels(prior, ddim(prior, p)), { steps: p.steps, strength: p.t0 });
    for (const at of run.steps(grid)) {
      if (at.n === grid.legs.length) s = await noise(s, at);
      s = await denoise(s, at);
    }
    return prior.autoencoder?.decode(s.z) ?? s.z;
  },
});
