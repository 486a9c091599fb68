import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import { ancestral, ddim } from '../solvers/parts/grids.ts';
import type { Run } from '../solvers/run.ts';
import { defineSolver } from '../solvers/solver.ts';

const params = z.strictObject({ steps: z.int() });
const said = { name: 'unguided', version: 1, paper: 'none', requires: {}, params };

/** Samples the prior and never looks at y. */
export const unguided = defineSolver({
  ...said,
  solve: (_, prior: Prior, { steps }, run) => sampled(prior, steps, run),
});

/** Nor at a picture. */
export const unguidedPictures = defineSolver({
  ...said,
  solves: 'invert',
  solve: (_, prior: Prior, { steps }, run) => sampled(prior, steps, run),
});

async function sampled(prior: Prior, steps: number, run: Run): Promise<Tensor> {
  const c = prior.text?.embed(run.each(''));
  const ancestry = prior.learnedVariance ? ancestral(prior, steps) : null;
  type S = { x: Tensor };
  let s: S = { x: run.normal('initial', prior.shape) };
  if (ancestry) {
    const step = run.step(({ x }: S, at: ReturnType<(typeof ancestry)['at']>) => ({
      x: at.draw(at.posterior(x, prior.predict(x, at.t))),
    }));
    for (const at of run.steps(ancestry)) s = await step(s, at);
  } else {
    const grid = ddim(prior, { steps, eta: 0 });
    const step = run.step(({ x }: S, at: ReturnType<(typeof grid)['at']>) => {
      const predicted = prior.predict(x, at.t, c);
      return { x: at.ddim(at.clean(x, predicted), at.noise(x, predicted)) };
    });
    for (const at of run.steps(grid)) s = await step(s, at);
  }
  return prior.autoencoder?.decode(s.x) ?? s.x;
}
