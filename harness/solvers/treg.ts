import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { proximalByCg } from '../operators/proximal.ts';
import { promptText, reverseSteps } from './checked-parameters.ts';
import { type AbarAt, blend, renewed, withAbar } from './parts/abar.ts';
import { negated } from './parts/clip-negation.ts';
import { dataBefore, dataEvery, dataSteps, isDataStep } from './parts/data-steps.ts';
import { ddim } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { latentDps } from './parts/latent-dps.ts';
import { defineSolver } from './solver.ts';

/**
 * TReg, regularization by texts (arXiv 2311.15658, Algorithm 1): guidance by a text that is known of the picture, a data
 * step among the pictures now and then, and a null text that learns to deny what the estimate shows.
 */
export default defineSolver({
  name: 'treg',
  title: 'TReg',
  version: 1,
  paper: 'Kim, Park, Chung and Ye, ICLR 2025 (arXiv 2311.15658)',
  requires: { autoencoder: true, text: true, linear: true },
  without: { clipImage: 'runs without adaptive negation' },
  params: z.strictObject({
    steps: reverseSteps(200),
    prompt: promptText('text that is known of the picture'),
    nullPrompt: promptText('text that guidance leads away from (public code: out of focus, depth of field)'),
    cfgScale: z.number().min(0).default(4).describe('classifier-free guidance; 1 is the prompt alone'),
    dataEvery,
    dataBefore,
    cgSteps: z.int().min(1).default(5).describe('iterations of conjugate gradients of a data step'),
    cgLambda: z.number().positive().default(1e-4).describe('weight of ||x - D z0||^2 in a data step'),
    nullSteps: z
      .int()
      .min(0)
      .default(10)
      .describe("adaptive negation: Adam steps on the null text, where the prior has CLIP's image tower"),
    nullLr: z.number().positive().default(8e-4).describe('learning rate of that Adam'),
    between: z
      .enum(['ddim', 'dps'])
      .default('ddim')
      .describe('steps between data steps; dps: without the prompt, less sqrt(abar) grad ||y - A D z0||'),
  }),
  passes(p) {
    const [data, guidedPasses] = [dataSteps(p), p.cfgScale === 1 ? 1 : 2];
    return data * guidedPasses + (p.steps - data) * (p.between === 'dps' ? 1 : guidedPasses);
  },
  async solve({ y, A, captions }, prior, p, run) {
    const { encodeSample, decode } = prior.autoencoder;
    const { clipImage } = prior;
    const c = prior.text.embed(run.each(p.prompt, captions));
    const z = run.normal('initial', prior.shape);
    type S = { z: Tensor; z0: Tensor; u: Tensor };
    let s: S = { z, z0: z, u: prior.text.embed(run.each(p.nullPrompt, captions)) };

    const tweedie = ({ z, u }: S, at: AbarAt) => {
      const predicted = guided(prior, u, p.cfgScale)(z, at.t, c);
      return { z0: at.clean(z, predicted), e: at.noise(z, predicted) };
    };

    type Draws = Record<'posterior' | 'n', Tensor>;
    const dataStep = run.step((s: S, at: AbarAt, draws: Draws) => {
      const { z0, e } = tweedie(s, at);
      const x = proximalByCg(A, y, decode(z0), p.cgLambda, p.cgSteps);
      const blended = blend(at.abarNext, encodeSample(x, draws.posterior), z0);
      return {
        z: at.ddim(blended, renewed(at.abarNext, e, draws.n)),
        z0,
        ...(clipImage && { u: negated(clipImage, s.u, x, { steps: p.nullSteps, rate: p.nullLr }) }),
      };
    });
    const plainStep = run.step((s: S, at: AbarAt) => {
      if (p.between === 'dps') return latentDps({ y, A }, prior, s.u)(s.z, at);
      const { z0, e } = tweedie(s, at);
      return { z: at.ddim(z0, e), z0 };
    });

    const draw = () => run.normal('step', prior.shape);
    for (const at of run.steps(withAbar(ddim(prior, { steps: p.steps, eta: 0 }))))
      s = isDataStep(at.n, p)
        ? await dataStep(s, at, { posterior: draw(), n: draw() })
        : await plainStep(s, at);
    return decode(s.z0);
  },
});
