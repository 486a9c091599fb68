import { stringify } from 'yaml';
import { type Located, plain } from '../config/located.ts';
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
  crossAttention: 'a prior whose attention to its prompts can be another',
  clipImage: "a prior with CLIP's image tower",
  noisedClip: 'a prior with a CLIP of noised pictures',
  learnedVariance: 'a prior with learned variance',
};

/**
 * Why the solver can work with none of these priors: `dps requires a prior of the pictures themselves (sd is none)`; null:
 * it can with one. A prior that does not say what it has may be tried.
 */
export function lackOfPrior(solver: Solver, priors: readonly KnownPrior[]): string | null {
  const lacks = priors.map(({ name, facts: { parts } }) => {
    const lacking = partsRequired(solver).filter((part) => parts && !parts.includes(part));
    return { name, lacking: lacking.map((part) => WORDS[part]).join(' and ') };
  });
  if (lacks.some(({ lacking }) => lacking === '')) return null;
  return `${solver.name} requires ${lacks.map(({ name, lacking }) => `${lacking} (${name} is none)`).join(', ')}`;
}

function partsRequired({ requires }: Solver): PriorPart[] {
  return (Object.keys(WORDS) as PriorPart[]).filter((part) => requires[part]);
}

/** What solvers do without the parts that they would use and the prior has not, one line each. */
export function notesOnParts(solvers: Iterable<Solver>, parts: readonly PriorPart[] | undefined): string[] {
  if (!parts) return [];
  return [...new Set(solvers)].flatMap(({ name, without = {} }) =>
    (Object.keys(WORDS) as PriorPart[])
      .filter((part) => without[part] !== undefined && !parts.includes(part))
      .map((part) => `${name} ${without[part]}: that takes ${WORDS[part]}`),
  );
}

/** Whether the solver is a method for this kind of task at all. */
export function isFor(solver: Solver, task: Task): boolean {
  return kindOf(solver) === task.kind;
}

/** Why the solver cannot work on the task; null: it can. */
export function lackOfTask({ name, requires }: Solver, task: Task): string | null {
  if (requires.pseudoInverse && !task.pseudoInverse)
    return `${name} requires an operator with a pseudo-inverse; that of ${task.name} has none`;
  if (requires.svd && !task.svd)
    return `${name} requires an operator with a singular value decomposition; that of ${task.name} has none`;
  if (requires.linear && task.nonlinear)
    return `${name} requires a linear operator; that of ${task.name} is not`;
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
  /** Where that choice stands in the file. */
  readonly where: SourceLocation;
}

/**
 * The priors that a solver is to use: those named beside it, else the one that fits; of several, where it requires nothing
 * of a prior, the first.
 * @throws UserError where it depends on the prior, several fit and none is named
 */
export function choosePriors<P extends KnownPrior>(
  { solver, priors: named, entry, written: { where } }: SolverPoint,
  priors: readonly P[],
): Choice<P>[] {
  const choices = priors.map((prior) => ({ prior, lack: lackOfPrior(solver, [prior]), where }));
  if (named)
    return choices.flatMap((choice) => {
      const chosen = named.find(({ name }) => name === choice.prior.name);
      return chosen ? [{ ...choice, where: chosen.where }] : [];
    });
  const fitting = choices.filter(({ lack }) => lack === null);
  if (fitting.length > 1 && partsRequired(solver).length > 0) {
    const names = fitting.map(({ prior }) => prior.name);
    throw new UserError(
      `${solver.name} can use the priors ${names.join(' and ')}: say which, as in ${withPrior(solver, entry, names[0]!)}`,
      where,
    );
  }
  if (fitting.length > 0) return fitting.slice(0, 1);
  return [{ ...choices[0]!, lack: lackOfPrior(solver, priors) }];
}

/** The longest entry that is written out in a message. */
const LONGEST_ENTRY = 100;

/** The solver's entry as it would be with a prior beside its name: `{ dps: { steps: 10 }, prior: adm }`. */
function withPrior({ name }: Solver, entry: Located, prior: PriorName): string {
  const text = (params: unknown) =>
    stringify({ [name]: params, prior }, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const whole = text(plain(entry));
  return whole.length <= LONGEST_ENTRY ? whole : text({}).replace('{}', '{ ... }');
}

/** What each solver point is to use. */
export type Choices<P> = ReadonlyMap<SolverPoint, readonly Choice<P>[]>;

/** Which solvers run with the first of several priors because nothing speaks for one, a line each. */
export function unchosenPriors(choices: Choices<KnownPrior>, priors: readonly KnownPrior[]): string[] {
  if (priors.length === 1) return [];
  const lines = [...choices]
    .filter(([{ solver, priors: named }]) => named === null && partsRequired(solver).length === 0)
    .map(
      ([{ solver }, [choice]]) =>
        `${solver.name} requires nothing of a prior: runs with ${choice!.prior.name}, the first`,
    );
  return [...new Set(lines)];
}

/** Throws UserError for a solver that fits nothing: it stands in the file by mistake. */
export function refuseUnfit(tasks: readonly TaskPoint[], choices: Choices<unknown>): void {
  const lacks = new Map<string, { readonly first: string; readonly where: SourceLocation } | null>();
  for (const { task, solvers } of tasks) {
    for (const point of solvers) {
      // Each task has points of its own, with its overrides.
      const entry = JSON.stringify([point.solver.name, point.priors]);
      for (const { lack, where } of choices.get(point)!) {
        const reason = lack ?? lackOfTask(point.solver, task);
        if (reason === null) lacks.set(entry, null);
        else if (!lacks.has(entry))
          lacks.set(entry, { first: reason, where: lack === null ? point.written.where : where });
      }
    }
  }
  for (const lack of lacks.values()) if (lack) throw new UserError(lack.first, lack.where);
}
