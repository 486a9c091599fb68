import type { Cluster, ElementState } from './cluster.ts';
import type { ArrayRecord, Entry, Submission } from './submission.ts';

/** The element that has a slice: that of the last array with it. */
export interface Element {
  readonly entry: Entry;
  readonly array: ArrayRecord;
  /** In the array. */
  readonly index: number;
}

/** By slices; of those that were given to an array. */
export function elementsOf(submission: Submission): Map<number, Element> {
  return new Map(
    submission
      .arrays()
      .flatMap((array) =>
        array.entries.map((entry, index) => [entry.slice, { entry, array, index }] as const),
      ),
  );
}

/** What Slurm says of elements, by its numbers of jobs and their indices. */
export type States = Awaited<ReturnType<Cluster['states']>>;

/** One question for all of them. */
export async function statesOf(cluster: Cluster, elements: Iterable<Element>): Promise<States> {
  const jobs = new Set([...elements].flatMap(({ array: { job } }) => (job === null ? [] : [job])));
  return jobs.size === 0 ? new Map() : cluster.states([...jobs]);
}

export function stateOf({ array: { job }, index }: Element, states: States): ElementState {
  const state = job === null ? undefined : states.get(job)?.get(index);
  return state ?? { kind: 'unknown', said: 'no such job' };
}

/** Slices by what becomes of them. */
export interface JobCounts {
  /** Waiting for Slurm, or for the driver to submit them. */
  readonly pending: number;
  readonly running: number;
  /** Of whose elements nothing is known. */
  readonly unknown: number;
  /** That lack nothing, or on which no element is at work any more. */
  readonly ended: number;
  /** Where elements run, sorted. */
  readonly nodes: readonly string[];
}

/** How far the elements of a submission are by Slurm's word alone. */
export async function jobCounts(submission: Submission, cluster: Cluster): Promise<JobCounts> {
  const elements = [...elementsOf(submission).values()];
  return countJobs(submission.spec.offsets.length, elements, await statesOf(cluster, elements));
}

/** @param elements those whose slices lack results; of `slices` in all */
export function countJobs(slices: number, elements: readonly Element[], states: States): JobCounts {
  const all = elements.map((element) =>
    // Of a job that was submitted since, nothing was asked yet.
    states.has(element.array.job ?? '') ? stateOf(element, states) : ({ kind: 'pending' } as const),
  );
  const count = (kind: ElementState['kind']) => all.filter((state) => state.kind === kind).length;
  const [running, unknown] = [count('running'), count('unknown')];
  const ended = slices - elements.length + count('completed') + count('failed');
  const nodes = new Set(all.flatMap((state) => (state.kind === 'running' ? [state.node] : [])));
  return { pending: slices - ended - running - unknown, running, unknown, ended, nodes: [...nodes].sort() };
}
