import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { promptText, reverseSteps } from './checked-parameters.ts';
import { type AbarAt, withAbar } from './parts/abar.ts';
import { ddim } from './parts/grids.ts';
import { towards } from './parts/guidance.ts';
import { afterInversion, type InvertedAt } from './parts/inversion.ts';
import { defineSolver } from './solver.ts';

/**
 * DreamSampler's editing of real pictures (ECCV 2024, arXiv 2403.11415): from the unconditional DDIM inversion, estimates that
 * score distillation moves towards the wanted text, by abar w, renoised with the unconditional noise.
 */
export default defineSolver({
  solves: 'edit',
  name: 'dreamsampler-edit',
  title: 'DreamSampler, edit',
  version: 1,
  paper: 'Kim, Park and Ye, ECCV 2024 (arXiv 2403.11415)',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    nullPrompt: promptText('text of the unconditional prediction'),
    guidance: z.number().min(0).default(0.2).describe('w: the guidance of a step is abar w'),
  }),
  /** One up, two down. */
  passes: (p) => 3 * p.steps,
  async solve({ x, captions, targets }, prior, p, run) {
    const u = prior.text.embed(run.each(p.nullPrompt, captions));
    const c = prior.text.embed(targets);

    type S = { z: Tensor; z0: Tensor };
    const invert = run.step(({ z }: S, at: InvertedAt<AbarAt>) => ({
      z: at.up(z, at.down.noise(z, prior.predict(z, at.down.t, u))),
    }));
    const distil = run.step(({ z }: S, { down: at }: InvertedAt<AbarAt>) => {
      const [unconditional, conditional] = [prior.predict(z, at.t, u), prior.predict(z, at.t, c)];
      const z0 = at.clean(z, towards(unconditional, conditional, tf.mul(at.abar, p.guidance)));
      return { z: at.ddim(z0, at.noise(z, unconditional)), z0 };
    });

    const z0 = prior.autoencoder.encodeSample(x, run.normal('initial', prior.shape));
    let s: S = { z: z0, z0 };
    for (const at of run.steps(afterInversion(withAbar(ddim(prior, { steps: p.steps, eta: 0 })))))
      s = at.next > at.t ? await invert(s, at) : await distil(s, at);
    return prior.autoencoder.decode(s.z0);
  },
});
