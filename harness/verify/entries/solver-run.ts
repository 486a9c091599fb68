import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { CallTally } from '../../solvers/call-tally.ts';
import { inSolve } from '../../solvers/per-image.ts';
import type { State } from '../../solvers/run.ts';
import { SamplingRun } from '../../solvers/sampling-run.ts';
import { kindOf } from '../../solvers/solver.ts';
import type { Given as GivenBy } from '../../tasks/kinds.ts';
import { resultOf } from '../../tasks/roles.ts';
import { CallsByStep, number } from '../calls-by-step.ts';
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
const methodSchema = z.looseObject({
  method: z.string(),
  parameters: z.looseObject({ sampler: z.string().optional() }).optional(),
});

/** One whole run of a registered solver, with the draws, the times and the measurement of the official code's run. */
export const solverRun: Entry = {
  name: 'solver.run',
  async run(given) {
    const { method, parameters } = readParams(methodSchema, given.params);
    const known = methods.get(`${method}/${parameters?.sampler}`) ?? methods.get(method);
    if (!known) throw new Unsupported(`params.method: '${method}' is not there`);
    const [first, ...others] = [known.read(given.params, given)].flat() as [SolverRun, ...SolverRun[]];
    const beside: Record<string, Values> = {};
    for (const other of others) {
      const { x_final: _, states: __, x0_hats: ___, ...further } = await outputsOf(other, given);
      Object.assign(beside, further);
    }
    return { ...beside, ...(await outputsOf(first, given)) };
  },
};

/** Runs the registered solver as stated. */
async function outputsOf(stated: SolverRun, given: Given): Promise<Record<string, Values>> {
  const { sigma_y: sigma, draws: drawn } = readParams(measuredSchema, given.params);
  const start = stated.startsAtXT === false ? null : given.tensor('x_T');
  const y = given.tensor(stated.of ?? 'y');
  const batch = y.shape[0]!;
  const wanted = drawn.map((draw) => ({ ...draw, used: draw.used && !stated.leavesOut?.(draw) }));
  const draws = stated.draws ? Draws.restated(stated.draws, start) : Draws.asDrawn(wanted, given, start);
  const tally = new CallTally();
  const states: Promise<Values>[] = [];
  const estimates = new Map<Tensor, Promise<Values>>();
  const records = new Map<string, Promise<Values>[]>();
  const calls = new CallsByStep();
  const finals = new Map<string, Promise<Values>>();
  for (const [name, tensor] of Object.entries(stated.known ?? {})) finals.set(name, fromTensor(tensor));
  const { legs } = stated;
  const run = new SamplingRun({
    images: Array.from({ length: batch }, (_, i) => ({ id: String(i), seed: 0 })),
    compile: given.device.compile,
    normal: (role, shape) => draws.next('normal', role, shape),
    uniform: (role, shape) => draws.next('uniform', role, shape),
    progress: () => {},
    tally,
    legsOf: legs && (() => legs),
    onCall(visit, changed) {
      for (const [name, tensor] of Object.entries(stated.calls?.(changed, visit) ?? {}))
        calls.add(name, visit.n, tensor);
    },
    onStep(visit, state) {
      for (const [name, tensor] of Object.entries(stated.records?.(state, visit) ?? {}))
        records.set(name, [...(records.get(name) ?? []), fromTensor(tensor)]);
      for (const [name, tensor] of Object.entries(stated.finals?.(state, visit) ?? {}))
        finals.set(name, fromTensor(tensor));
      const watched = (stated.watched ?? usual)(state, visit);
      if (!watched) return;
      const { x, x0 } = watched;
      if (x) states.push(fromTensor(x));
      if (!estimates.has(x0)) estimates.set(x0, fromTensor(x0));
    },
  });
  const problem = stated.posed?.({ y, sigma }) ?? restoration(stated, given, { y, sigma });
  const { solver } = stated;
  const answer = await solver.solve(
    problem,
    tally.watch(stated.prior),
    inSolve(solver.params, new Array(batch).fill(solver.params.parse(stated.params))),
    run,
  );
  draws.refuseLeftOver();
  const trajectory = stated.recordsOnePicture ? ofOnePicture : stack;
  const others = [...finals].map(async ([name, values]) => [name, await values] as const);
  const recorded = [...records].map(async ([name, steps]) => {
    const first = finals.get(name);
    const all = await Promise.all(first ? [first, ...steps] : steps);
    return [name, trajectory(all.map(number))] as const;
  });
  return {
    ...Object.fromEntries(await Promise.all([...others, ...recorded])),
    ...(await calls.outputs(stated.counts ?? {})),
    x_final: await fromTensor(resultOf(kindOf(solver), answer)),
    ...(states.length > 0 && { states: trajectory(await Promise.all(states)) }),
    ...(estimates.size > 0 && { x0_hats: trajectory(await Promise.all(estimates.values())) }),
  };
}

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
