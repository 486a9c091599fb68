import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { CallTally } from '../../solvers/call-tally.ts';
import { SamplingRun } from '../../solvers/sampling-run.ts';
import { resultOf } from '../../tasks/kinds.ts';
import { Draws } from '../draws.ts';
import type { Entry } from '../entry.ts';
import { methods } from '../methods/index.ts';
import { operatorOf } from '../operator-params.ts';
import { commonParams } from '../solver-case.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { fromTensor, stack, type Values } from '../values.ts';

const commonSchema = z.looseObject(commonParams);
const methodSchema = z.looseObject({ method: z.string() });

/** One whole run of a registered solver, with the draws, the times and the measurement of the official code's run. */
export const solverRun: Entry = {
  name: 'solver.run',
  async run(given) {
    const { method } = readParams(methodSchema, given.params);
    const known = methods.get(method);
    if (!known) throw new Unsupported(`params.method: '${method}' is not there`);
    const stated = known.read(given.params, given);
    const { operator, sigma_y: sigma, draws: drawn } = readParams(commonSchema, given.params);
    const start = given.tensor('x_T');
    const A = operatorOf(operator, [start.shape[0]!, ...stated.prior.imageShape], given);
    const draws = new Draws(drawn, given, stated.startsAtXT === false ? null : start);
    const tally = new CallTally();
    const states: Promise<Values>[] = [];
    const estimates = new Map<Tensor, Promise<Values>>();
    const { legs } = stated;
    const run = new SamplingRun({
      batch: start.shape[0]!,
      compile: given.device.compile,
      normal: (role, shape) => draws.next('normal', role, shape),
      uniform: (role, shape) => draws.next('uniform', role, shape),
      progress: () => {},
      tally,
      legsOf: legs && (() => legs),
      onStep(visit, state) {
        const { x, x0 } = stated.watched?.(state, visit) ?? {
          x: (state.x ?? state.z) as Tensor,
          x0: (state.x0 ?? state.z0) as Tensor,
        };
        if (x) states.push(fromTensor(x));
        if (!estimates.has(x0)) estimates.set(x0, fromTensor(x0));
      },
    });
    const problem = { y: given.tensor('y'), A, sigma, noise: stated.noise ?? 'gaussian' };
    const { solver } = stated;
    const answer = await solver.solve(
      problem,
      tally.watch(stated.prior),
      solver.params.parse(stated.params),
      run,
    );
    draws.refuseLeftOver();
    const inSteps = (name: string, steps: readonly Values[]): Values =>
      stack(given.stored(name).shape.length === start.rank ? steps.map(ofOnePicture) : steps);
    return {
      x_final: await fromTensor(resultOf('restore', answer)),
      states: inSteps('states', await Promise.all(states)),
      x0_hats: inSteps('x0_hats', await Promise.all(estimates.values())),
    };
  },
};

/** Without the axis of the batch, which some cases leave out. */
function ofOnePicture({ shape, data }: Values): Values {
  return shape[0] === 1 ? { shape: shape.slice(1), data } : { shape, data };
}
