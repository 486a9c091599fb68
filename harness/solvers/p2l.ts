import { type Tensor, tf } from '../engine/tf.ts';
import { noiseFromZ0, z0FromNoise } from '../priors/ddim.ts';
import { type AdamState, adamInit, adamStep } from './adam.ts';
import { initialLatent } from './initial-latent.ts';
import { type LatentStepInput, latentStep } from './latent-step.ts';
import { meanSquares, norm, sumSquares } from './norms.ts';
import { p2lParams } from './p2l-params.ts';
import { rangeProjection } from './projection.ts';
import { guided, samePrompt } from './prompts.ts';
import { replace } from './replace.ts';
import { reverseSteps } from './reverse-steps.ts';
import { defineSolver } from './solver.ts';

type PromptInput = Pick<LatentStepInput, 'z' | 'c' | 't' | 'alphaBar'> & { adam: AdamState; rate: Tensor };
/** `adam` is empty where the latent step is a plain one. */
type LatentInput = LatentStepInput &
  Record<'rate' | 'lambda' | 'posterior', Tensor> & { adam: readonly AdamState[] };

const PROMPT_LOSSES = { 'sum-squares': sumSquares, 'mean-squares': meanSquares, norm };

/** P2L, Algorithm 1: prompt tuning and projection onto the encoder's range (arXiv 2310.01110; SOLVERS.md 1.3, 1.6). */
export default defineSolver({
  name: 'p2l',
  version: 1,
  paper: 'Chung, Ye, Milanfar and Delbracio, ICML 2024 (arXiv 2310.01110)',
  requires: { latent: true, text: true, linear: true },
  params: p2lParams,
  async solve(problem, prior, p, ctx) {
    const { y, A } = problem;
    const denoise = guided(prior, samePrompt(prior, '', ctx.batch), p.cfgScale);
    const residual = (z0: Tensor) => tf.sub(y, A.forward(prior.decode(z0)));
    const promptLoss = PROMPT_LOSSES[p.promptLoss];
    const ontoRange = rangeProjection(problem, prior, p);

    // (a) One Adam step on each image's prompt; z_t is held fixed.
    const tunePrompt = ctx.compile(({ z, t, alphaBar, ...s }: PromptInput) => {
      const loss = (c: Tensor) => tf.sum(promptLoss(residual(z0FromNoise(z, denoise(z, t, c), alphaBar))));
      const { update, adam } = adamStep(s.adam, tf.grad(loss)(s.c), s.rate);
      return { c: tf.sub(s.c, update), adam };
    });

    // (b) Tweedie and the likelihood gradient under the tuned prompt, (c) projection, (d) DDIM and correction.
    const moveLatent = (projects: boolean) =>
      ctx.compile((s: LatentInput) => {
        const project = (tweedie: Tensor, noise: Tensor) => {
          const z0 = ontoRange(tweedie, s.lambda, s.posterior);
          return { z0, noise: p.epsAfterProx === 'recompute' ? noiseFromZ0(s.z, z0, s.alphaBar) : noise };
        };
        const { ddim, gradient, z0 } = latentStep(s, {
          denoise,
          eta: p.eta,
          loss: (z0) => norm(residual(z0)),
          ...(projects && { project }),
        });
        const [moments] = s.adam;
        if (!moments) return { z: tf.sub(ddim, tf.mul(gradient, s.rate)), z0, adam: [] };
        const { update, adam } = adamStep(moments, gradient, s.rate);
        return { z: tf.sub(ddim, update), z0, adam: [adam] };
      });
    const [step, projectingStep] = [moveLatent(false), moveLatent(true)];

    let prompt = freshPrompt(samePrompt(prior, p.promptInit, ctx.batch));
    const start = initialLatent(p.initLatent, problem, prior, p.steps, ctx);
    let state = { z: start, z0: start, adam: p.latentStepMode === 'adam' ? [adamInit(start)] : [] };
    for (const { n, at } of reverseSteps(prior, p, ctx)) {
      if (!p.promptOptimizerPersistent) prompt = replace(prompt.adam, freshPrompt(prompt.c));
      for (let k = 0; k < p.promptSteps; k++) {
        const { t, alphaBar } = at;
        prompt = replace(prompt, await tunePrompt({ ...prompt, z: state.z, t, alphaBar, rate: p.promptLr }));
      }
      const projects = p.proxEvery !== null && n % p.proxEvery === 1 % p.proxEvery;
      const { z, adam } = state;
      const samples = projects && p.encodeMode === 'sample';
      const posterior = samples ? ctx.normal('step', prior.latentShape) : 0;
      const input = { z, adam, c: prompt.c, ...at, rate: p.latentStep, lambda: p.proxLambda, posterior };
      state = replace({ ...state, posterior }, await (projects ? projectingStep(input) : step(input)));

      const passes = (p.promptSteps + 1) * (p.cfgScale === 1 ? 1 : 2);
      ctx.count({
        unetForward: passes,
        unetBackward: passes,
        decoder: p.promptSteps + 1,
        encoder: projects ? 1 : 0,
      });
    }
    ctx.count({ decoder: 1 });
    return prior.decode(state.z0);
  },
});

/** A prompt to tune, with an optimiser that knows nothing of it yet. */
function freshPrompt(c: Tensor): { c: Tensor; adam: AdamState } {
  return { c, adam: adamInit(c) };
}
