import {
  type ArrayJob,
  type Cluster,
  type ElementFailure,
  type ElementState,
  Full,
  NotNow,
} from '../../../harness/scheduler/slurm/cluster.ts';
import { leftToDo } from '../../../harness/scheduler/slurm/left-to-do.ts';
import { takeSlice } from '../../../harness/scheduler/slurm/life.ts';
import { partFiles, wholePart } from '../../../harness/scheduler/slurm/part.ts';
import { PartWriter, Superseded } from '../../../harness/scheduler/slurm/part-writer.ts';
import type { Submission } from '../../../harness/scheduler/slurm/submission.ts';
import { solutionOf } from './cells.ts';
import type { FakeClock } from './fake-clock.ts';

/** What may happen to an element, once it runs, as often as it says: the rest of 1 ends in order. */
export interface Faults {
  /** Its node is lost and Slurm starts it again, while its old life goes on there. */
  readonly ghost: number;
  /** Its node is lost, and Slurm gives it up. */
  readonly node: number;
  /** It makes room, and Slurm starts it again. */
  readonly preempted: number;
  /** It is told that its time is over. */
  readonly timeout: number;
  /** Its process vanishes. */
  readonly crashed: number;
  /** Slurm forgets it for a while: longer than the driver waits between two looks, and longer than until it is told. */
  readonly forgotten: number;
}

/** How a cluster is. */
export interface Nature {
  readonly faults: Faults;
  /** Elements that run at once. */
  readonly slots: number;
  readonly maxArraySize: number;
  readonly maxSubmit: number | null;
  /** Jobs of the same user that are none of ours, and count all the same. */
  readonly otherJobs: number;
  /** Of its answers, the part that does not come. */
  readonly silent: number;
  /** Cells that no element survives. */
  readonly deadly: ReadonlySet<string>;
}

interface FakeElement {
  readonly job: string;
  readonly index: number;
  readonly array: number;
  restart: number;
  state: ElementState;
  isForgotten: boolean;
}

const BATCH_SECONDS = 60;

/** Slurm as the driver sees it, with elements that find made-up results in no time of their own. */
export class FakeCluster implements Cluster {
  readonly #clock: FakeClock;
  readonly #number: () => number;
  readonly #nature: Nature;
  readonly #elements: FakeElement[] = [];
  readonly #waiting: FakeElement[] = [];
  /** The jobs of arrays that were submitted: the same array again is no other job. */
  readonly #jobOf = new Map<number, string>();
  #running = 0;
  #jobs = 0;
  /** Set when it is known: it is made with the cluster's driver. */
  submission: Submission | null = null;
  /** How often what happened. */
  readonly counts = {
    submits: 0,
    queries: 0,
    lives: 0,
    ghost: 0,
    node: 0,
    preempted: 0,
    timeout: 0,
    crashed: 0,
    forgotten: 0,
    silent: 0,
    superseded: 0,
  };
  mostInQueue = 0;

  constructor(clock: FakeClock, number: () => number, nature: Nature) {
    this.#clock = clock;
    this.#number = number;
    this.#nature = nature;
  }

  async limits() {
    this.#mayBeSilent();
    return this.#nature;
  }

  script(): string {
    return '';
  }

  async submit({ indices, command }: ArrayJob): Promise<string> {
    this.counts.submits++;
    this.#mayBeSilent();
    const inQueue = this.#elements.filter(
      ({ state }) => state.kind === 'pending' || state.kind === 'running',
    );
    const array = Number(command.at(-1));
    const earlier = this.#jobOf.get(array);
    if (earlier !== undefined) return earlier;
    const { maxSubmit, otherJobs } = this.#nature;
    if (maxSubmit !== null && otherJobs + inQueue.length + indices.length > maxSubmit)
      throw new Full('sbatch: as many jobs as you may have');
    this.mostInQueue = Math.max(this.mostInQueue, inQueue.length + indices.length);
    const job = String(++this.#jobs);
    for (const index of indices) {
      const element: FakeElement = {
        ...{ job, index, array, restart: 0 },
        ...{ state: { kind: 'pending' }, isForgotten: false },
      };
      this.#elements.push(element);
      this.#waiting.push(element);
    }
    this.#clock.others.during(() => this.#startSome());
    // It has them, and nobody hears their number.
    this.#jobOf.set(array, job);
    this.#mayBeSilent();
    return job;
  }

  async states(jobs: readonly string[]) {
    this.counts.queries++;
    this.#mayBeSilent();
    const of = (job: string) =>
      this.#elements.filter((element) => element.job === job && !element.isForgotten);
    return new Map(jobs.map((job) => [job, new Map(of(job).map(({ index, state }) => [index, state]))]));
  }

  async cancel(job: string): Promise<void> {
    for (const element of this.#elements.filter((one) => one.job === job))
      if (element.state.kind === 'pending') this.#end(element, 'cancelled', 'CANCELLED by 1000');
  }

  #mayBeSilent(): void {
    if (this.#number() >= this.#nature.silent) return;
    this.counts.silent++;
    throw new NotNow('Unable to contact slurm controller');
  }

  #startSome(): void {
    while (this.#running < this.#nature.slots && this.#waiting.length > 0) {
      const element = this.#waiting.shift()!;
      if (element.state.kind !== 'pending') continue;
      this.#running++;
      element.state = { kind: 'running', node: `n${Math.floor(this.#number() * 20)}` };
      this.#live(element);
    }
  }

  /** One life, from its start to its end. */
  #live(element: FakeElement): void {
    this.counts.lives++;
    const dir = this.submission!.dir;
    const entry = this.submission!.array(element.array)!.entries[element.index]!;
    const life = { slice: entry.slice, array: element.array, restart: element.restart };
    if (!takeSlice(dir, life)) {
      this.counts.superseded++;
      this.#clock.after(1, () => this.#leave(element, { kind: 'completed' }));
      return;
    }
    const earlier = partFiles(dir).filter((part) => part.life.slice === entry.slice);
    const queue = leftToDo(
      this.submission!.slice(entry.slice).batches,
      earlier.flatMap(({ file }) => wholePart(file, () => {}) ?? []),
      entry,
    );
    const writer = new PartWriter(dir, life, {
      started: new Date(this.#clock.now()).toISOString(),
      ...{ git: null, versions: {}, host: 'fake', argv: [] },
      devices: [`cpu, Slurm job ${element.job}_${element.index}, ${element.restart}`],
    });
    const fault = this.#fault();
    // A fault comes at any batch, also at the first.
    const faultAt = fault === null ? Number.POSITIVE_INFINITY : Math.floor(this.#number() * queue.length);
    const step = (at: number, isGhost: boolean) => {
      if (at === queue.length) {
        writer.end({ kind: 'finished', at: new Date(this.#clock.now()).toISOString() });
        if (!isGhost) this.#leave(element, { kind: 'completed' });
        return;
      }
      const { batch, wanted } = queue[at]!;
      if (at === faultAt && fault === 'timeout') {
        this.counts.timeout++;
        writer.end({ kind: 'paused', at: new Date(this.#clock.now()).toISOString() });
        this.#leave(element, { kind: 'failed', failure: 'crashed', said: 'FAILED 75:0' });
        return;
      }
      writer.begin(wanted);
      if (at === faultAt && fault !== null && fault !== 'timeout' && !isGhost) {
        if (!this.#suffer(element, fault)) return;
        isGhost = true;
      }
      if (batch.items.some(({ cellKey }) => this.#nature.deadly.has(cellKey))) {
        if (!isGhost) this.#end(element, 'oom', 'OUT_OF_MEMORY');
        return;
      }
      this.#clock.after(BATCH_SECONDS, () => {
        // Superseded: the next write says so again.
        for (const cellKey of wanted) writer.solved(batch, solutionOf(cellKey)).catch(() => {});
        this.#unlessSuperseded(element, writer, isGhost, () => step(at + 1, isGhost));
      });
    };
    this.#unlessSuperseded(element, writer, false, () => step(0, false));
  }

  #unlessSuperseded(element: FakeElement, writer: PartWriter, isGhost: boolean, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      this.counts.superseded++;
      writer.end({ kind: 'superseded', at: new Date(this.#clock.now()).toISOString() });
      if (!isGhost) this.#leave(element, { kind: 'completed' });
    }
  }

  /** @returns whether its old life goes on */
  #suffer(element: FakeElement, fault: Exclude<keyof Faults, 'timeout'>): boolean {
    this.counts[fault]++;
    switch (fault) {
      case 'ghost':
      case 'preempted':
        element.restart++;
        element.state = { kind: 'pending' };
        this.#running--;
        this.#clock.after(120, () => {
          this.#waiting.push(element);
          this.#startSome();
        });
        return fault === 'ghost';
      case 'node':
        this.#end(element, 'node', 'NODE_FAIL');
        return false;
      case 'crashed':
        this.#end(element, 'crashed', 'FAILED 1:0');
        return false;
      case 'forgotten':
        element.isForgotten = true;
        this.#end(element, 'node', 'NODE_FAIL');
        this.#clock.after(1800, () => {
          element.isForgotten = false;
        });
        return false;
    }
  }

  #end(element: FakeElement, failure: ElementFailure, said: string): void {
    this.#leave(element, { kind: 'failed', failure, said });
  }

  #leave(element: FakeElement, state: ElementState): void {
    if (element.state.kind === 'running') this.#running--;
    element.state = state;
    this.#startSome();
  }

  #fault(): keyof Faults | null {
    let rest = this.#number();
    for (const [fault, share] of Object.entries(this.#nature.faults) as [keyof Faults, number][]) {
      rest -= share;
      if (rest < 0) return fault;
    }
    return null;
  }
}
