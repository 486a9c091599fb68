import { jsonHash } from '../identity/keys.ts';
import type { Requirements, Solver } from '../solvers/solver.ts';
import { contentsForKey } from './contents.ts';
import { PROTOCOL } from './conversation.ts';
import { converse } from './converse.ts';
import type { External } from './description.ts';
import type { Posed } from './kinds.ts';
import { schemaOfParameters } from './parameters.ts';

/** A method that is a program of its own, as a solver like any other. */
export function externalSolver(described: External): Solver {
  const { solves: kind, name, title, version, paper, passes } = described;
  return {
    solves: kind,
    name,
    ...(title !== undefined && { title }),
    version,
    paper,
    requires: Object.fromEntries(described.requires.map((part) => [part, true])) as Requirements,
    params: schemaOfParameters(described.params),
    ...(passes !== undefined && {
      passes: (params) => (typeof passes === 'number' ? passes : Number(params[passes])),
    }),
    solve: (given, prior, params, run) => converse(described, { kind, given } as Posed, prior, params, run),
  };
}

/**
 * What its numbers depend on beside version and parameters: the command, and the contents of the files that it declares or
 * whose names stand in the command.
 * @throws UserError for a file that cannot be read
 */
export function externalSha256(external: External): string {
  const { command } = external;
  return jsonHash({ protocol: PROTOCOL, command, contents: contentsForKey(external) });
}
