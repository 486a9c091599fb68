import { type SourceLocation, UserError } from '../errors.ts';
import type { PriorPart } from '../priors/prior.ts';
import type { PriorFacts } from '../priors/prior-kind.ts';
import { kindOf, type Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';
import type { SolverPoint, TaskPoint } from './experiment.ts';
import type { PriorName } from './prior-points.ts';

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
  if (requires.projection && !task.projection)
    return `${name} requires an operator that measures all parts of a picture equally well; that of ${task.name} does not`;
  return null;
}

/** A prior of which it is known what it has. */
interface KnownPrior {
  readonly name: PriorName;
  readonly facts: Pick<PriorFacts, 'parts'>;
}

/** A prior for a solver, or why it cannot have it. */
export interface Choice<P> {
  readonly prior: P;
  readonly lack: string | null;
}

/**
 * The priors that a solver is to use: those named beside it, else the one that fits.
 * @throws UserError where several fit and none is named
 */
export function choosePriors<P extends KnownPrior>(
  { solver, priors: named, written }: SolverPoint,
  priors: readonly P[],
): Choice<P>[] {
  const choices = priors.map((prior) => ({ prior, lack: lackOfPrior(solver, prior.facts.parts) }));
  if (named) return choices.filter(({ prior }) => named.includes(prior.name));
  const fitting = choices.filter(({ lack }) => lack === null);
  if (fitting.length > 1) {
    const names = fitting.map(({ prior }) => prior.name);
    throw new UserError(
      `${solver.name} can use ${names.join(' and ')}: say which, by prior: ${names[0]} beside its name`,
      written.where,
    );
  }
  // Where none fits, the first one's lack stands for all.
  return fitting.length === 1 ? fitting : choices.slice(0, 1);
}

/** What each solver point is to use. */
export type Choices<P> = ReadonlyMap<SolverPoint, readonly Choice<P>[]>;

/** Throws UserError for a solver that fits nothing: it stands in the file by mistake. */
export function refuseUnfit(tasks: readonly TaskPoint[], choices: Choices<unknown>): void {
  const lacks = new Map<string, { readonly first: string; readonly where: SourceLocation } | null>();
  for (const { task, solvers } of tasks) {
    for (const point of solvers) {
      // Each task has points of its own, with its overrides.
      const entry = JSON.stringify([point.solver.name, point.priors]);
      for (const { lack } of choices.get(point)!) {
        const reason = lack ?? lackOfTask(point.solver, task);
        if (reason === null) lacks.set(entry, null);
        else if (!lacks.has(entry)) lacks.set(entry, { first: reason, where: point.written.where });
      }
    }
  }
  for (const lack of lacks.values()) if (lack) throw new UserError(lack.first, lack.where);
}
