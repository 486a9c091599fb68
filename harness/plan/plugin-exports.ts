import { z } from 'zod';
import { type SourceLocation, UserError } from '../errors.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';
import { describeThrown } from '../text/thrown.ts';

export interface PluginExports {
  readonly solvers: readonly Solver[];
  readonly priors: readonly PriorKind[];
}

/** Half a character has no UTF-8, so a key, a database or a report cannot hold it. */
const text = z
  .string()
  .refine((value) => !/\p{Cs}/u.test(value), 'half a character (a lone surrogate) in it');
const aFunction = z.custom((value) => typeof value === 'function', 'expected a function');

/** What JavaScript lets an author leave out or mistype; the types of `defineSolver` and `definePrior` say the same. */
const common = {
  name: text.min(1),
  version: z.int(),
  params: z.instanceof(z.ZodObject, { error: 'expected a z.object of the z that "tweedie" exports' }),
};
const solver = z.object({
  ...common,
  title: text.optional(),
  paper: text.optional(),
  requires: z.record(z.string(), z.boolean()),
  passes: aFunction.optional(),
  solve: aFunction,
});
const prior = z.object({ ...common, description: text.optional(), inspect: aFunction, open: aFunction });

/**
 * The solvers and priors of a plug-in.
 * @throws UserError for an export that is neither, or lacks something; getters that throw included
 */
export function readExports(exported: unknown, path: string, where?: SourceLocation): PluginExports {
  const solvers: Solver[] = [];
  const priors: PriorKind[] = [];
  for (const thing of Array.isArray(exported) ? exported : [exported]) {
    const mistake = mistakeIn(thing);
    if (mistake !== null) throw new UserError(`plug-in ${path}: ${mistake}`, where);
    if (isSolver(thing)) solvers.push(thing);
    else priors.push(thing);
  }
  return { solvers, priors };
}

/** Only to be asked of what has no mistake. */
function isSolver(thing: object): thing is Solver {
  return 'solve' in thing;
}

function mistakeIn(thing: unknown): string | null {
  try {
    const kind = kindOf(thing);
    if (kind === null)
      return 'expected its default export to be what defineSolver or definePrior returns, or a list of those';
    const result = kind.schema.safeParse(thing);
    if (!result.success) {
      const { path, message } = result.error.issues[0]!;
      return `${kind.called}: ${path.join('.')}: ${message.replace('Invalid input: ', '')}`;
    }
    const { name, params } = result.data;
    return mistakeInNames(name, Object.keys(params.shape));
  } catch (error) {
    return `its default export cannot be read: ${describeThrown(error).message}`;
  }
}

function kindOf(thing: unknown) {
  if (typeof thing !== 'object' || thing === null) return null;
  if ('solve' in thing) return { called: 'a solver', schema: solver };
  return 'inspect' in thing || 'open' in thing ? { called: 'a prior', schema: prior } : null;
}

/** A parameter that every object has already would be found where nobody has given it, or lost (`__proto__`). */
function mistakeInNames(name: string, parameters: readonly string[]): string | null {
  const inherited = parameters.find((key) => key in Object.prototype);
  if (inherited !== undefined)
    return `${name}: no parameter can be called "${inherited}": every JavaScript object has that`;
  const half = parameters.find((key) => !text.safeParse(key).success);
  return half === undefined ? null : `${name}: the name of a parameter has half a character in it`;
}
