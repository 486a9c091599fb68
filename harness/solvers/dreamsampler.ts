import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import { adjoint, proximalByCg } from '../operators/proximal.ts';
import type { Prior } from '../priors/prior.ts';
import { promptText, reverseSteps } from './checked-parameters.ts';
import { type AbarAt, blend, renewed, withAbar } from './parts/abar.ts';
import { dataBefore, dataEvery, dataSteps, isDataStep } from './parts/data-steps.ts';
import { ddim } from './parts/grids.ts';
import { afterInversion, type InvertedAt } from './parts/inversion.ts';
import { latentDps } from './parts/latent-dps.ts';
import { defineSolver } from './solver.ts';

/**
 * DreamSampler's text-guided inpainting (ECCV 2024, arXiv 2403.11415): from the DDIM inversion of the measurement, data
 * steps whose estimate is distilled towards the text's where the picture is missing, and DPS in between.
 */
export default defineSolver({
  name: 'dreamsampler',
  title: 'DreamSampler',
  version: 1,
  paper: 'Kim, Park and Ye, ECCV 2024 (arXiv 2403.11415)',
  requires: { autoencoder: true, text: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(200),
    prompt: promptText('what the missing part shows'),
    nullPrompt: promptText('text of the rest (public code: out of focus, depth of field)'),
    dataEvery,
    dataBefore,
    cgSteps: z.int().min(1).default(10).describe('iterations of conjugate gradients of a data step'),
    cgLambda: z.number().positive().default(1e-4).describe('weight of ||x - D z0||^2 in a data step'),
  }),
  /** The inversion's, two of a data step and one of another. */
  passes: (p) => 2 * p.steps + dataSteps(p),
  async solve({ y, A, captions }, prior, p, run) {
    const { encodeSample, decode } = prior.autoencoder;
    const u = prior.text.embed(run.each(p.nullPrompt, captions));
    const c = prior.text.embed(run.each(p.prompt, captions));
    const seen = seenLatents(A, y, prior);

    type S = { z: Tensor; z0: Tensor };
    const invert = run.step(({ z }: S, at: InvertedAt<AbarAt>) => ({
      z: at.up(z, at.down.noise(z, prior.predict(z, at.down.t, u))),
    }));
    type Draws = Record<'posterior' | 'n', Tensor>;
    const dataStep = run.step(({ z }: S, { down: at }: InvertedAt<AbarAt>, { posterior, n }: Draws) => {
      const [unconditional, conditional] = [prior.predict(z, at.t, u), prior.predict(z, at.t, c)];
      const free = at.clean(z, unconditional);
      const x = proximalByCg(A, y, decode(free), p.cgLambda, p.cgSteps);
      const fitted = blend(at.abar, encodeSample(x, posterior), free);
      const distilled = blend(at.abar, at.clean(z, conditional), fitted);
      const z0 = blend(seen, fitted, distilled);
      return { z: at.ddim(z0, renewed(at.abar, at.noise(z, unconditional), n)), z0 };
    });
    const dps = run.step(({ z }: S, { down }: InvertedAt<AbarAt>) => latentDps({ y, A }, prior, u)(z, down));

    const draw = () => run.normal('step', prior.shape);
    const start = encodeSample(adjoint(A, y), run.normal('initial', prior.shape));
    let s: S = { z: start, z0: start };
    for (const at of run.steps(afterInversion(withAbar(ddim(prior, { steps: p.steps, eta: 0 }))))) {
      if (at.next > at.t) s = await invert(s, at);
      else if (isDataStep(at.n, p)) s = await dataStep(s, at, { posterior: draw(), n: draw() });
      else s = await dps(s, at);
    }
    return decode(s.z0);
  },
});

/** [B,1,h,w], 0 where the prompt acts: the missing latents, by their corner pixel; everywhere if A measures all. */
function seenLatents(A: Operator, y: Tensor, { imageShape, shape }: Prior): Tensor {
  const [batch] = y.shape as [number];
  const [, h, w] = shape;
  if (!A.restrict) return tf.zeros([batch, 1, h, w]);
  const [, H, W] = imageShape;
  const mask = tf.slice(A.restrict(tf.onesLike(y)), 0, [batch, 1, H, W]);
  const blocks = tf.reshape(mask, [batch, h, H / h, w, W / w]);
  return tf.reshape(tf.slice(blocks, 0, [batch, h, 1, w, 1]), [batch, 1, h, w]);
}
