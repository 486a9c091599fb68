import { tf } from '../engine/tf.ts';
import type { Params } from '../identity/refs.ts';
import type { Prior } from '../priors/prior.ts';
import { inSolve } from '../solvers/per-image.ts';
import type { Run } from '../solvers/run.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import type { Answer, Given, Kind } from '../tasks/kinds.ts';
import { resultOf, rolesOf } from '../tasks/roles.ts';
import type { ImageShape } from '../tasks/task.ts';
import { atPlace, withPlace } from '../text/author.ts';
import { type Values, valuesOf } from './batch.ts';
import { declaredOnly } from './declared-only.ts';
import { placeOfFunction } from './function-place.ts';
import { refuseBytes, requireResult } from './solver-reports.ts';

/** For how many pictures, and of which size. */
type Of = readonly [batch: number, ...ImageShape];

/**
 * Runs a solver and judges what it hands back.
 * @param ofEach each image's parameters, which differ in numbers of each image alone
 * @throws whatever the solver throws, and an Error that names it where its answer is not what a method of its kind finds;
 *   before the message of both the line of a plug-in's file
 */
export async function answerOf<K extends Kind>(
  solver: Solver<K>,
  given: Given[K],
  prior: Prior,
  ofEach: readonly Params[],
  run: Run,
  of: Of,
): Promise<Judged> {
  const here = () => placeOfFunction(solver.solve);
  const params = inSolve(solver.params, ofEach);
  const declared = declaredOnly(params, solver.name, Object.keys(solver.params.shape));
  let answer: Answer<K>;
  try {
    answer = await solver.solve(given, prior, declared, run);
  } catch (error) {
    throw withPlace(withSolversName(error, solver.name), here);
  }
  try {
    return await judged(solver.name, kindOf(solver), answer, given, of);
  } catch (error) {
    throw atPlace(withSolversName(error, solver.name), here());
  }
}

/** A method's result [B,...] on the host, and what its kind finds beside it. */
export interface Judged extends Values {
  readonly beside: Readonly<Record<string, Values>>;
}

/** What is kept of a method's answer. Throws an Error that names the method for anything else. */
export async function judged<K extends Kind>(
  method: string,
  kind: K,
  answer: Answer<K>,
  given: Given[K],
  of: Of,
): Promise<Judged> {
  requireResult(method, kind, answer, of);
  // The last step may still be to run: reading its result is what makes it.
  const values = await valuesOf(resultOf(kind, answer));
  if (rolesOf(kind).result === 'picture') refuseBytes(method, values.data);
  const mistake = rolesOf(kind).mistakeIn(values.data, given);
  if (mistake !== null) throw new Error(`${method} returned ${mistake}`);
  const beside: Record<string, Values> = {};
  for (const name of rolesOf(kind).beside) {
    const found = (answer as Readonly<Record<string, unknown>>)[name];
    if (!(found instanceof tf.Tensor) || found.shape[0] !== of[0])
      throw new Error(`${method} returned no ${name} [${of[0]},...] beside its result`);
    beside[name] = await valuesOf(found);
  }
  return { ...values, beside };
}

/** The engine says of a tensor that is gone neither whose it was nor who asked for it. */
function withSolversName(error: unknown, solver: string): unknown {
  if (error instanceof Error && /\bdisposed\b/.test(error.message) && !error.message.startsWith(solver))
    error.message = `${solver}: ${error.message}`;
  return error;
}
