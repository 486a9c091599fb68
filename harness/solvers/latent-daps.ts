import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import { dapsParams, dapsPasses, decoupledAnnealing, LEVELS_FALL, levelsFall } from './daps.ts';
import { denoiser } from './parts/annealing.ts';
import { sumSquares } from './parts/gradients.ts';
import { guided } from './parts/guidance.ts';
import { defineSolver } from './solver.ts';

/** LatentDAPS (arXiv 2407.01521): DAPS on latents, with y compared to A D z0; the chain's gradient goes through the decoder. */
export default defineSolver({
  name: 'latent-daps',
  title: 'LatentDAPS',
  version: 1,
  paper: 'Zhang et al., CVPR 2025 (arXiv 2407.01521)',
  requires: { autoencoder: true },
  params: z
    .strictObject({
      ...dapsParams({
        steps: 50,
        sigmaMax: 10,
        odeSteps: 2,
        odeSigmaMin: 0.001,
        mcmc: 'hmc',
        mcmcSteps: 24,
        lr: 1.35e-4,
        lrMinRatio: 0.023,
        momentum: 0.86,
      }),
      gradientClip: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe('bound on each entry of the gradient of ||y - A D z0||^2 (public code: 1); null: none'),
      prompt: promptText('text under which the prior predicts'),
      cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone'),
    })
    .refine(levelsFall, LEVELS_FALL),
  passes: (p) => dapsPasses(p) * (p.cfgScale === 1 ? 1 : 2),
  async solve({ y, A, captions }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const c = prior.text?.embed(run.each(p.prompt, captions));
    const predict = guided(prior, prior.text?.embed(run.each('')), p.cfgScale);
    const denoise = denoiser(prior, (z, t) => predict(z, t, c));
    const misfit = (z0: Tensor) => sumSquares(tf.sub(y, A.forward(decode(z0))));
    const clip = p.gradientClip;
    const bound = (g: Tensor) => (clip === null ? g : tf.clipByValue(g, -clip, clip));
    return decode(await decoupledAnnealing({ prior, denoise, misfit, bound }, p, run));
  },
});
