import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { CallTally } from '../../solvers/call-tally.ts';
import type { State } from '../../solvers/run.ts';
import { SamplingRun } from '../../solvers/sampling-run.ts';
import { kindOf } from '../../solvers/solver.ts';
import type { Given as GivenBy } from '../../tasks/kinds.ts';
import { resultOf } from '../../tasks/roles.ts';
import { Draws } from '../draws.ts';
import type { Entry } from '../entry.ts';
import type { Given } from '../given.ts';
import { methods } from '../methods/index.ts';
import { operatorOf } from '../operator-params.ts';
import { commonParams, type SolverRun } from '../solver-case.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { fromTensor, stack, type Values } from '../values.ts';

const { operator, ...measuredParams } = commonParams;
const measuredSchema = z.looseObject(measuredParams);
const operatorSchema = z.looseObject({ operator });
const methodSchema = z.looseObject({ method: z.string() });

/** One whole run of a registered solver, with the draws, the times and the measurement of the official code's run. */
export const solverRun: Entry = {
  name: 'solver.run',
  async run(given) {
    const { method } = readParams(methodSchema, given.params);
    const known = methods.get(method);
    if (!known) throw new Unsupported(`params.method: '${method}' is not there`);
    const stated = known.read(given.params, given);
    const { sigma_y: sigma, draws: drawn } = readParams(measuredSchema, given.params);
    const start = stated.startsAtXT === false ? null : given.tensor('x_T');
    const y = given.tensor('y');
    const batch = y.shape[0]!;
    const wanted = drawn.map((draw) => ({ ...draw, used: draw.used && !stated.leavesOut?.(draw) }));
    const draws = stated.draws ? Draws.restated(stated.draws, start) : Draws.asDrawn(wanted, given, start);
    const tally = new CallTally();
    const states: Promise<Values>[] = [];
    const estimates = new Map<Tensor, Promise<Values>>();
    const records = new Map<string, Promise<Values>[]>();
    let finals: Readonly<Record<string, Tensor>> = {};
    const { legs } = stated;
    const run = new SamplingRun({
      images: Array.from({ length: batch }, (_, i) => ({ id: String(i), seed: 0 })),
      compile: given.device.compile,
      normal: (role, shape) => draws.next('normal', role, shape),
      uniform: (role, shape) => draws.next('uniform', role, shape),
      progress: () => {},
      tally,
      legsOf: legs && (() => legs),
      onStep(visit, state) {
        const watched = (stated.watched ?? usual)(state, visit);
        if (!watched) return;
        const { x, x0 } = watched;
        if (x) states.push(fromTensor(x));
        finals = stated.finals?.(state) ?? {};
        for (const [name, tensor] of Object.entries(stated.records?.(state) ?? {}))
          records.set(name, [...(records.get(name) ?? []), fromTensor(tensor)]);
        if (!estimates.has(x0)) estimates.set(x0, fromTensor(x0));
      },
    });
    const problem = stated.posed?.({ y, sigma }) ?? restoration(stated, given, { y, sigma });
    const { solver } = stated;
    const answer = await solver.solve(
      problem,
      tally.watch(stated.prior),
      solver.params.parse(stated.params),
      run,
    );
    draws.refuseLeftOver();
    const trajectory = stated.recordsOnePicture ? ofOnePicture : stack;
    const others = Object.entries(finals).map(
      async ([name, tensor]) => [name, await fromTensor(tensor)] as const,
    );
    const recorded = [...records].map(
      async ([name, steps]) => [name, trajectory(await Promise.all(steps))] as const,
    );
    return {
      ...Object.fromEntries(await Promise.all([...others, ...recorded])),
      x_final: await fromTensor(resultOf(kindOf(solver), answer)),
      states: trajectory(await Promise.all(states)),
      x0_hats: trajectory(await Promise.all(estimates.values())),
    };
  },
};

/** The measurement and the operator that the case states, or what the method makes of them. */
function restoration(
  stated: SolverRun,
  given: Given,
  { y, sigma }: { readonly y: Tensor; readonly sigma: number },
): GivenBy['restore'] {
  const { operator } = readParams(operatorSchema, given.params);
  const A = operatorOf(operator, [y.shape[0]!, ...stated.prior.imageShape], given);
  return { ...(stated.given?.(y, A) ?? { y, A }), sigma, noise: stated.noise ?? 'gaussian' };
}

/** [S,C,H,W] of S arrays [1,C,H,W]. */
function ofOnePicture(parts: readonly Values[]): Values {
  return stack(parts.map(({ shape, data }) => ({ shape: shape.slice(1), data })));
}

function usual({ x, z, x0, z0 }: State): { x: Tensor; x0: Tensor } {
  return { x: (x ?? z) as Tensor, x0: (x0 ?? z0) as Tensor };
}
