import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { CallTally } from '../../solvers/call-tally.ts';
import { SamplingRun } from '../../solvers/sampling-run.ts';
import { kindOf } from '../../solvers/solver.ts';
import { resultOf } from '../../tasks/kinds.ts';
import { Draws } from '../draws.ts';
import type { Entry } from '../entry.ts';
import { methods } from '../methods/index.ts';
import { operatorOf } from '../operator-params.ts';
import { commonParams } from '../solver-case.ts';
import { readParams, Unsupported } from '../unsupported.ts';
import { fromTensor, stack, type Values } from '../values.ts';

const { operator, ...measuredParams } = commonParams;
const measuredSchema = z.looseObject(measuredParams);
const operatorOnly = z.looseObject({ operator });
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
    const start = given.tensor('x_T');
    const starts = [
      ...(stated.startsAtXT === false ? [] : [start]),
      ...(stated.otherStarts ?? []).map((name) => given.tensor(name)),
    ];
    const draws = new Draws(drawn, given, starts);
    const tally = new CallTally();
    const states: Promise<Values>[] = [];
    const estimates = new Map<Tensor, Promise<Values>>();
    const records = new Map<string, Promise<Values>[]>();
    let finals: Readonly<Record<string, Tensor>> = {};
    const { legs } = stated;
    const run = new SamplingRun({
      batch: start.shape[0]!,
      compile: given.device.compile,
      normal: (role, shape) => draws.next(role, shape),
      progress: () => {},
      tally,
      legsOf: legs && (() => legs),
      onStep(_, state) {
        const { x, x0 } = stated.watched?.(state) ?? {
          x: (state.x ?? state.z) as Tensor,
          x0: (state.x0 ?? state.z0) as Tensor,
        };
        states.push(fromTensor(x));
        finals = stated.finals?.(state) ?? {};
        for (const [name, tensor] of Object.entries(stated.records?.(state) ?? {}))
          records.set(name, [...(records.get(name) ?? []), fromTensor(tensor)]);
        if (!estimates.has(x0)) estimates.set(x0, fromTensor(x0));
      },
    });
    const y = given.tensor('y');
    const problem = stated.given?.({ y, sigma }) ?? {
      y,
      A: operatorOf(
        readParams(operatorOnly, given.params).operator,
        [start.shape[0]!, ...stated.prior.imageShape],
        given,
      ),
      sigma,
      noise: stated.noise ?? 'gaussian',
    };
    const { solver } = stated;
    const answer = await solver.solve(
      problem,
      tally.watch(stated.prior),
      solver.params.parse(stated.params),
      run,
    );
    draws.refuseLeftOver();
    const others = Object.entries(finals).map(
      async ([name, tensor]) => [name, await fromTensor(tensor)] as const,
    );
    const recorded = [...records].map(
      async ([name, steps]) => [name, stack(await Promise.all(steps))] as const,
    );
    return {
      ...Object.fromEntries(await Promise.all([...others, ...recorded])),
      x_final: await fromTensor(resultOf(kindOf(solver), answer)),
      states: stack(await Promise.all(states)),
      x0_hats: stack(await Promise.all(estimates.values())),
    };
  },
};
