import { counted } from '../../text/count.ts';
import type { Clock } from './clock.ts';
import { type Cluster, NotNow } from './cluster.ts';
import { logTail } from './element-log.ts';
import {
  countJobs,
  type Element,
  elementsOf,
  type JobCounts,
  type States,
  stateOf,
  statesOf,
} from './elements.ts';
import type { Ingest, LifeFacts } from './ingest.ts';
import { logsFolder } from './layout.ts';
import { latest } from './left-to-do.ts';
import type { Slice } from './slices.ts';
import type { Entry, Submission } from './submission.ts';
import { Submitter } from './submitter.ts';
import { MOST_FAILURES, type Verdict, verdictOn } from './verdict.ts';

/** Between two looks: after something has happened, and the longest. */
const SHORTEST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** What one machine writes another may see late on a network file system. */
const FILES_LAG_MS = 10_000;
/** Until the person is told that nothing is known of elements. */
const UNKNOWN_MS = 10 * 60_000;

/** What is told of a submission that is followed. */
export interface DriverEvents {
  jobs(counts: JobCounts): void;
  /** A line for the person. */
  tell(line: string): void;
}

/** An element whose slice lacks results. */
interface Out extends Element {
  /** When it was first seen ended; null: it was not. */
  endedAt: number | null;
  /** Since when nothing is known of it; null: something is. */
  unknownSince: number | null;
}

/**
 * Follows a submission: takes in what its elements write, submits again what has ended too early, and gives up what fails.
 * Everything that it knows stands in files: it may end at any time, and another goes on.
 */
export class Driver {
  readonly #submission: Submission;
  readonly #cluster: Cluster;
  readonly #ingest: Ingest;
  readonly #submitter: Submitter;
  readonly #clock: Clock;
  readonly #events: DriverEvents;
  readonly #slices: readonly Slice[];
  readonly #out = new Map<number, Out>();
  readonly #told = new Set<string>();
  #due: Entry[] = [];
  /** Slices that nobody goes on with, and why. */
  readonly left = new Map<number, string>();

  /** @param program what starts this program: elements are its command `element` */
  constructor(
    submission: Submission,
    cluster: Cluster,
    ingest: Ingest,
    program: readonly string[],
    clock: Clock,
    events: DriverEvents,
  ) {
    this.#submission = submission;
    this.#cluster = cluster;
    this.#ingest = ingest;
    this.#clock = clock;
    this.#events = events;
    this.#slices = submission.slices();
    const groups = this.#slices.map(({ group }) => group);
    this.#submitter = new Submitter(submission, cluster, program, groups);
    const elements = elementsOf(submission);
    for (const slice of this.#slices.keys()) {
      const element = elements.get(slice);
      // Whether an array was taken whose number was not heard, nobody knows: a later one has precedence.
      if (!element || element.array.job === null)
        this.#due.push(element?.entry ?? { slice, failures: 0, failed: [] });
      else this.#goesOut(element);
    }
  }

  /** Whether nothing is at work or to be submitted. */
  get isOver(): boolean {
    return this.#out.size === 0 && this.#due.length === 0;
  }

  /** Follows it until it is over or the signal is aborted: the jobs run on then. */
  async follow(signal: AbortSignal): Promise<void> {
    for (let wait = SHORTEST_WAIT_MS; !signal.aborted; ) {
      const hasChanged = await this.look();
      if (this.isOver) return;
      wait = hasChanged ? SHORTEST_WAIT_MS : Math.min(2 * wait, LONGEST_WAIT_MS);
      await this.#clock.wait(wait, signal);
    }
  }

  /** Looks once what has become of the elements; returns whether something has. */
  async look(): Promise<boolean> {
    const before = this.#score();
    // Asked before the files are read: what has ended by then has written all that it had.
    const states = await this.#states();
    const lives = await this.#ingest.read(this.#submission.dir);
    for (const [slice, out] of [...this.#out]) await this.#judge(slice, out, states, lives.get(slice) ?? []);
    await this.#submitDue();
    this.#events.jobs(countJobs(this.#slices.length, [...this.#out.values()], states ?? new Map()));
    this.#tellUnknown();
    return this.#score() !== before;
  }

  /** Changes with everything that is worth another look soon. */
  #score(): string {
    const ended = [...this.#out.values()].filter(({ endedAt }) => endedAt !== null).length;
    const { solved, failed } = this.#ingest;
    return [solved, failed, this.#out.size, this.#due.length, ended].join(' ');
  }

  /** null: Slurm does not answer. */
  async #states(): Promise<States | null> {
    try {
      return await statesOf(this.#cluster, this.#out.values());
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      this.#tellOnce(`Slurm does not answer (${error.message}); asked again until it does`);
      return null;
    }
  }

  async #judge(number: number, out: Out, states: States | null, lives: readonly LifeFacts[]): Promise<void> {
    const open = this.#ingest.openOf(this.#slices[number]!);
    if (open.length === 0) {
      this.#out.delete(number);
      return;
    }
    if (states === null) return;
    const { entry, array } = out;
    const own = lives.filter(({ life }) => life.array === array.number);
    const last = latest(own);
    const verdict = verdictOn({
      state: stateOf(out, states),
      end: last?.end ?? null,
      progressed: own.some(({ outcomes }) => outcomes > 0),
      failures: entry.failures,
    });
    const now = this.#clock.now();
    out.unknownSince = verdict.kind === 'unknown' ? (out.unknownSince ?? now) : null;
    const isEnded = verdict.kind !== 'wait' && verdict.kind !== 'unknown';
    out.endedAt = isEnded ? (out.endedAt ?? now) : null;
    const isKnown = last?.end || now - (out.endedAt ?? now) >= FILES_LAG_MS;
    if (isEnded && isKnown) await this.#carryOut(verdict, number, out, open, last?.atWork ?? []);
  }

  async #carryOut(
    verdict: Verdict,
    number: number,
    { entry, array, index }: Out,
    open: readonly string[],
    atWork: readonly string[],
  ): Promise<void> {
    const element = `element ${array.job}_${index}`;
    this.#out.delete(number);
    switch (verdict.kind) {
      case 'again':
        this.#due.push({ ...entry, failures: verdict.failures });
        return;
      case 'left':
        this.left.set(number, verdict.why);
        this.#tellOnce(`${element} ${verdict.why}; its cells stay to do`);
        return;
      case 'failed': {
        // Those that an earlier driver has failed are not open any more.
        const culprits = atWork.length > 0 ? atWork : open;
        const failed = open.filter((cellKey) => culprits.includes(cellKey));
        const logs = logsFolder(this.#submission.dir);
        // What its children have printed stands there too: they could not hand it over.
        const tail = logTail(logs, array.job!, index);
        const message = `${verdict.said}, ${MOST_FAILURES} elements in a row; the last: ${element}, see ${logs}`;
        await this.#ingest.fail(
          failed.map((cellKey) => ({ cellKey, kind: verdict.failure, message, logTail: tail })),
        );
        // The next batch that ends an element is taken apart at once.
        if (failed.length < open.length)
          this.#due.push({
            slice: number,
            failures: MOST_FAILURES - 1,
            failed: [...entry.failed, ...culprits],
          });
      }
    }
  }

  async #submitDue(): Promise<void> {
    this.#due = this.#due.filter(({ slice }) => this.#ingest.openOf(this.#slices[slice]!).length > 0);
    const inQueue = [...this.#out.values()].filter(({ endedAt }) => endedAt === null).length;
    const { taken, notNow } = await this.#submitter.submit(this.#due, inQueue);
    for (const element of taken) this.#goesOut(element);
    this.#due = this.#due.filter(({ slice }) => !this.#out.has(slice));
    if (notNow) this.#tellOnce(`Slurm takes no jobs for now (${notNow.message}); tried again until it does`);
  }

  #goesOut(element: Element): void {
    this.#out.set(element.entry.slice, { ...element, endedAt: null, unknownSince: null });
  }

  #tellUnknown(): void {
    const long = [...this.#out.values()].filter(
      ({ unknownSince }) => unknownSince !== null && this.#clock.now() - unknownSince >= UNKNOWN_MS,
    );
    if (long.length === 0) return;
    this.#tellOnce(
      `Slurm has known nothing for ${UNKNOWN_MS / 60_000} minutes of ${counted(long.length, 'element')} (${long[0]!.array.job}_${long[0]!.index}); ` +
        `asked again until it does. If they are gone: tweedie cancel ${this.#submission.spec.experiment}, and the same run again`,
      'unknown',
    );
  }

  #tellOnce(line: string, key = line): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#events.tell(line);
  }
}
