import { UserError } from '../../errors.ts';
import { type ArrayJob, type Cluster, Full, NotNow } from './cluster.ts';
import { type Element, elementsOf } from './elements.ts';
import { logsFolder } from './layout.ts';
import type { ArrayRecord, Entry, Spec, Submission } from './submission.ts';

/** Puts slices into arrays and gives those to Slurm, as many as it takes. */
export class Submitter {
  readonly #submission: Submission;
  readonly #cluster: Cluster;
  readonly #program: readonly string[];
  readonly #groupOf: (slice: number) => number;
  #next: number;
  /** The array whose submission had no answer: the same again is how the cluster knows whether it has it. */
  #unheard: ArrayRecord | null = null;
  #limits: Awaited<ReturnType<Cluster['limits']>> | null = null;
  /** Elements of an array that a limit may have room for: jobs that are none of ours count there, and no program tells all limits. */
  #most = Number.POSITIVE_INFINITY;

  /** @param program what starts this program: elements are its command `element` */
  constructor(
    submission: Submission,
    cluster: Cluster,
    program: readonly string[],
    groups: readonly number[],
  ) {
    this.#submission = submission;
    this.#cluster = cluster;
    this.#program = program;
    this.#groupOf = (slice) => groups[slice]!;
    this.#next = 1 + submission.arrays().reduce((last, { number }) => Math.max(last, number), -1);
  }

  /**
   * Submits what there is room for.
   * @param inQueue elements of ours that Slurm has
   * @returns those that it has taken; NotNow where it takes no more, or does not answer
   * @throws UserError where it refuses
   */
  async submit(due: readonly Entry[], inQueue: number): Promise<{ taken: Element[]; notNow: NotNow | null }> {
    const taken: Element[] = [];
    try {
      this.#limits ??= await this.#cluster.limits();
      const { maxArraySize, maxSubmit } = this.#limits;
      if (this.#unheard) taken.push(...(await this.#give(this.#unheard)));
      const given = new Set(taken.map(({ entry }) => entry.slice));
      for (let left = due.filter(({ slice }) => !given.has(slice)); left.length > 0; ) {
        const room = maxSubmit === null ? maxArraySize : maxSubmit - inQueue - taken.length;
        if (room <= 0) break;
        const group = this.#groupOf(left[0]!.slice);
        const entries = left
          .filter(({ slice }) => this.#groupOf(slice) === group)
          .slice(0, Math.min(room, maxArraySize, this.#most));
        try {
          taken.push(...(await this.#submitArray(group, entries)));
        } catch (error) {
          if (!(error instanceof Full) || entries.length === 1) throw error;
          this.#most = Math.floor(entries.length / 2);
          continue;
        }
        this.#most *= 2;
        left = left.filter((entry) => !entries.includes(entry));
      }
      return { taken, notNow: null };
    } catch (error) {
      if (error instanceof NotNow) return { taken, notNow: error };
      if (error instanceof UserError && [...elementsOf(this.#submission).values()].every(isUnheard))
        this.#submission.keepEnd('cancelled');
      throw error;
    }
  }

  async #submitArray(group: number, entries: readonly Entry[]): Promise<Element[]> {
    const array: ArrayRecord = { number: this.#next++, group, entries, job: null };
    // Before Slurm has it: its elements look there for what they are to do.
    this.#submission.keepArray(array);
    return this.#give(array);
  }

  async #give(array: ArrayRecord): Promise<Element[]> {
    const { entries } = array;
    this.#unheard = array;
    const job = await this.#cluster
      .submit(arrayJob(this.#submission, array, this.#program))
      .catch((error: unknown) => {
        if (error instanceof Full) this.#forget(array);
        throw error;
      });
    this.#unheard = null;
    const submitted = { ...array, job };
    this.#submission.keepArray(submitted);
    return entries.map((entry, index) => ({ entry, array: submitted, index }));
  }

  /** Slurm has not taken it: another has its number. */
  #forget({ number }: ArrayRecord): void {
    this.#unheard = null;
    this.#next = number;
  }
}

const isUnheard = ({ array: { job } }: Element): boolean => job === null;

/** What Slurm is given for an array. */
export function arrayJob(
  { dir, spec }: { readonly dir: string; readonly spec: Omit<Spec, 'offsets'> },
  { number, group, entries }: Omit<ArrayRecord, 'job'>,
  program: readonly string[],
): ArrayJob {
  return {
    name: `tweedie-${spec.experiment.replaceAll(/[^\w.-]/g, '_').slice(0, 40)}`,
    indices: [...entries.keys()],
    parallel: spec.parallel,
    resources: spec.groups[group]!.resources,
    command: [...program, 'element', dir, String(number)],
    logDir: logsFolder(dir),
  };
}
