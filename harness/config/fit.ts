import { type SourceLocation, UserError } from '../errors.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';

/** Throws a UserError for a solver that cannot work with the prior. */
export function refuseUnfit(solver: Solver, prior: PriorKind, where: SourceLocation): void {
  const space = prior.space ?? 'latent';
  const { latent = false, pixel = false, text = false } = solver.requires;
  // Every latent prior takes text, and no pixel prior does.
  const needed = latent || text ? 'latent' : pixel ? 'pixel' : space;
  if (needed === space) return;
  throw new UserError(
    `${solver.name} requires a ${needed} prior; ${prior.name} is a ${space} prior (\`tweedie list solvers\` and \`list priors\` say which is which)`,
    where,
  );
}
