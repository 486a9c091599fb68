import type { PriorPart } from '../priors/prior.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';

/** What a person calls the parts that a solver can require. */
const WORDS: Readonly<Record<PriorPart, string>> = {
  pixels: 'a prior of the pictures themselves',
  autoencoder: 'a prior of latents, with its autoencoder',
  text: 'a prior that takes prompts',
  learnedVariance: 'a prior with learned variance',
};

/** Why the solver cannot work with a prior that has these parts; null: it can. A prior that says nothing may be tried. */
export function lackOfPrior(solver: Solver, parts: readonly PriorPart[] | undefined): string | null {
  if (!parts) return null;
  const missing = (Object.keys(WORDS) as PriorPart[]).filter(
    (part) => solver.requires[part] && !parts.includes(part),
  );
  return missing.length === 0
    ? null
    : `${solver.name} requires ${missing.map((part) => WORDS[part]).join(' and ')}`;
}

/** Whether the solver is a method for this kind of task at all. */
export function isFor(solver: Solver, task: Task): boolean {
  return kindOf(solver) === task.kind;
}

/** Why the solver cannot work on the task; null: it can. */
export function lackOfTask({ name, requires }: Solver, task: Task): string | null {
  if (requires.pseudoInverse && !task.pseudoInverse)
    return `${name} requires an operator with a pseudo-inverse; that of ${task.name} has none`;
  return null;
}
