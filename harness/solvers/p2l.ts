import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { glue, proximalMap } from '../operators/proximal.ts';
import { promptText } from './checked-parameters.ts';
import { adamInit, adamStep, gradientOf, norm, sumSquares } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { alike, perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** P2L, Algorithm 1: prompt tuning and projection onto the encoder's range (arXiv 2310.01110). */
export default defineSolver({
  name: 'p2l',
  title: 'P2L',
  version: 2,
  paper: 'Chung, Ye, Milanfar and Delbracio, ICML 2024 (arXiv 2310.01110)',
  requires: { autoencoder: true, text: true, linear: true },
  params: z.strictObject({
    steps,
    eta,
    promptSteps: z.int().min(0).default(1).describe('K, Adam steps on the prompt at each reverse step'),
    promptLr: perImage(z.number().positive().default(1e-4).describe("learning rate of the prompt's Adam")),
    promptInit: promptText('text whose embedding the prompt starts from'),
    proxEvery: z
      .int()
      .min(1)
      .nullable()
      .default(8)
      .describe('projects at the steps n = N..1 with n % proxEvery = 1; null: never'),
    proxLambda: z.number().positive().default(1).describe('weight of ||x - D z0||^2 in the proximal step'),
    projection: z
      .enum(['proximal', 'gluing', 're-encode'])
      .default('proximal')
      .describe("picture to encode (Table 5): the proximal step's, PSLD's gluing, or D z0 itself"),
    latentStep: perImage(
      z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
    ),
    cfgScale: z.number().min(0).default(1).describe('classifier-free guidance; 1 is the tuned prompt alone'),
  }),
  passes: (p) => p.steps * (p.promptSteps + 1) * (p.cfgScale === 1 ? 1 : 2),
  async solve({ y, A, captions }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const predict = guided(prior, prior.text.embed(run.each('')), p.cfgScale);
    const residual = (x: Tensor) => tf.sub(y, A.forward(x));
    const project = {
      proximal: (x: Tensor) => proximalMap(A, y, x, p.proxLambda),
      gluing: (x: Tensor) => glue(A, y, x),
      're-encode': (x: Tensor) => x,
    }[p.projection];

    const c = prior.text.embed(run.each(p.promptInit, captions));
    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z, c, adam: adamInit(c), loss: tf.zeros([run.batch]) };

    // (a) One Adam step on each image's prompt; z_t is held fixed.
    const tunePrompt = run.step(({ z, c, adam: before }: typeof s, at: DdimAt) => {
      const loss = (c: Tensor) => tf.sum(sumSquares(residual(decode(at.clean(z, predict(z, at.t, c))))));
      const { update, adam } = adamStep(before, tf.grad(loss)(c), alike(p.promptLr, c));
      return { c: tf.sub(c, update), adam };
    });

    // (b) Tweedie and the likelihood gradient under the tuned prompt, (c) projection, (d) DDIM and correction.
    const move = run.step(({ z, c }: typeof s, at: DdimAt, { projects }: { projects: boolean }) => {
      const b = gradientOf(z, (z) => {
        const predicted = predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        const x = decode(z0);
        return { z0, x, e: at.noise(z, predicted), loss: norm(residual(x)) };
      });
      const z0 = projects ? encode(tf.clipByValue(project(b.x), -1, 1)) : b.z0;
      return { z: tf.sub(at.ddim(z0, b.e), scaled(p.latentStep, b.gradient)), z0, loss: b.loss };
    });

    for (const at of run.steps(ddim(prior, p))) {
      for (let k = 0; k < p.promptSteps; k++) s = await tunePrompt(s, at);
      s = await move(s, at, { projects: p.proxEvery !== null && at.n % p.proxEvery === 1 % p.proxEvery });
      await run.trace({ loss: s.loss }, () => ({ z0: decode(s.z0) }));
    }
    return decode(s.z0);
  },
});
