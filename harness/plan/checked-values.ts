import { nodeAt } from '../config/located.ts';
import { UserError } from '../errors.ts';
import { checkedParameters } from '../solvers/checked-parameters.ts';
import type { Solver } from '../solvers/solver.ts';
import { describeThrown } from '../text/thrown.ts';
import type { SolverPoint } from './experiment.ts';

/** Looks at every value of the parameters that are checked so; a mistake gets its place and the parameter's name. */
export function eachOnce(
  points: Iterable<SolverPoint>,
  as: Parameters<typeof checkedParameters>[1],
  look: (value: unknown, name: string) => void,
): void {
  const seen = new Map<Solver, Map<string, Set<string>>>();
  for (const { solver, params, written } of points) {
    if (!seen.has(solver)) {
      const names = checkedParameters(solver.params, as);
      seen.set(solver, new Map(names.map((name) => [name, new Set()])));
    }
    for (const [parameter, values] of seen.get(solver)!) {
      const name = `${solver.name}.${parameter}`;
      const value = params[parameter];
      const known = JSON.stringify(value);
      if (values.has(known)) continue;
      values.add(known);
      try {
        look(value, name);
      } catch (error) {
        const { message } = error instanceof UserError ? error : describeThrown(error);
        const text = message.replace(/^steps: /, '');
        throw new UserError(`${name}: ${text}`, nodeAt(written, [parameter]).where);
      }
    }
  }
}
