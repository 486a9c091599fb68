import { check } from '../config/check.ts';
import type { Located } from '../config/located.ts';
import { drawsSchema } from '../config/schema.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import { kindOf } from '../solvers/solver.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { SolverPoint } from './experiment.ts';
import type { Plugin } from './plugins.ts';

/** How many draws of each picture a method's result is the mean of, and where that stands. */
export interface Draws {
  readonly count: number;
  readonly where: SourceLocation;
}

/** What stands beside a solver's name; null: nothing, or one, which is the same. */
export function readDraws(node: Located | undefined): Draws | null {
  const count = node ? check(drawsSchema, node, 'draws') : 1;
  return node && count > 1 ? { count, where: node.where } : null;
}

/**
 * @param passes of the network that a draw takes
 * @param plugin that brings the solver; absent for a built-in one
 * @throws UserError where several draws of a picture have no mean, or are all the same
 */
export function refuseDraws(
  { solver, draws }: SolverPoint,
  passes: number,
  plugin: Plugin | undefined,
): void {
  if (draws === null) return;
  const refuse = (why: string) => {
    throw new UserError(`draws: ${solver.name} ${why}; expected no draws beside it`, draws.where);
  };
  const kind = kindOf(solver);
  if (kind !== 'restore') refuse(`is a method to ${rolesOf(kind).does}, whose results have no mean`);
  if (typeof plugin?.ref === 'object') refuse('runs outside of Tweedie, which can ask it for no second draw');
  if (passes === 0) refuse('asks no network and draws nothing at random');
}
