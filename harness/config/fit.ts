import { type SourceLocation, UserError } from '../errors.ts';
import { priors } from '../priors/index.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';

/** Throws a UserError for a solver that cannot work with the prior, naming those it can work with. */
export function refuseUnfit(solver: Solver, prior: PriorKind, where: SourceLocation): void {
  const space = spaceOf(prior);
  const { latent = false, pixel = false, text = false } = solver.requires;
  // Every latent prior takes text, and no pixel prior does.
  const needed = latent || text ? 'latent' : pixel ? 'pixel' : space;
  if (needed === space) return;
  const fitting = priors.filter((kind) => spaceOf(kind) === needed).map(({ name }) => name);
  throw new UserError(
    `${solver.name} requires a ${needed} prior, such as ${fitting.join(', ')}; ${prior.name} is a ${space} prior`,
    where,
  );
}

function spaceOf({ space = 'latent' }: PriorKind): 'latent' | 'pixel' {
  return space;
}
