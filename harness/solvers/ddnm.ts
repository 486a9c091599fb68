import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { pseudoInverse } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type DdimAt, ddim, travelling } from './parts/grids.ts';
import { travelParams, travelPasses } from './parts/travels.ts';
import { defineSolver } from './solver.ts';

/** DDNM, Algorithm 1, with the time travel of Algorithm 2 (arXiv 2212.00490): the estimate's range part is A^+ y, for noiseless y. */
export default defineSolver({
  name: 'ddnm',
  title: 'DDNM',
  version: 1,
  paper: 'Wang, Yu and Zhang, ICLR 2023 (arXiv 2212.00490)',
  requires: { pixels: true, pseudoInverse: true },
  params: z.strictObject({
    steps: reverseSteps(100),
    eta: z.number().min(0).max(1).default(0.85).describe('share of fresh noise in the noise of each step'),
    ...travelParams,
  }),
  passes: travelPasses,
  async solve({ y, A }, prior, p, run) {
    const step = run.step((s: { x: Tensor; x0: Tensor }, at: DdimAt) => {
      const predicted = prior.predict(s.x, at.t);
      const x0 = at.clean(s.x, predicted);
      const rangeNull = tf.sub(x0, pseudoInverse(A, tf.sub(A.forward(x0), y)));
      return { x: at.ddim(rangeNull, at.noise(s.x, predicted)), x0 };
    });
    const travel = run.step((s: { x: Tensor; x0: Tensor }, at: DdimAt) => ({ x: at.renoise(s.x0) }));

    const grid = ddim(prior, p, (_, next) => p.eta * next.noise);
    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x };
    for (const at of run.steps(travelling(grid, p.travelLength, p.travelRepeat)))
      s = await (at.next > at.t ? travel : step)(s, at);
    return s.x;
  },
});
