import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellKeys, type Plan } from '../plan/plan.ts';
import type { RunEvents } from '../scheduler/events.ts';
import { makeLeases } from '../scheduler/leases.ts';
import type { ProcessNote } from '../scheduler/process-note.ts';
import type { KnownPlan } from '../scheduler/rebuild.ts';
import { runPlan } from '../scheduler/run-plan.ts';
import { RunProgress } from '../scheduler/run-progress.ts';
import { RunningMeans } from '../scheduler/running-means.ts';
import { lacksScores } from '../scheduler/score-plan.ts';
import { realClock } from '../scheduler/slurm/clock.ts';
import type { Cluster } from '../scheduler/slurm/cluster.ts';
import { type Followed, follow } from '../scheduler/slurm/follow.ts';
import { logsFolder } from '../scheduler/slurm/layout.ts';
import { SlurmClient } from '../scheduler/slurm/slurm-client.ts';
import { openSubmissions, type Submission } from '../scheduler/slurm/submission.ts';
import type { Submittable } from '../scheduler/slurm/submit-plan.ts';
import { metricRows, statesOf } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import { missingPictures } from './check-pictures.ts';
import type { TimedSummary } from './conclusion.ts';
import { displayFor, expectedSeconds } from './displays.ts';
import { costsOf } from './known-results.ts';
import { say, warn } from './say.ts';
import { StopSignals } from './stop-signals.ts';

/** What starts this program on any node that shares its folder. */
export const PROGRAM = [process.execPath, fileURLToPath(new URL('./main.js', import.meta.url))] as const;

/** The cluster of this machine's Slurm. */
export function clusterFor(resultsDir: string): Cluster {
  const logDirOf = (job: string) => {
    const of = openSubmissions(resolve(resultsDir)).find((submission) =>
      submission.arrays().some((array) => array.job === job),
    );
    return of ? logsFolder(of.dir) : null;
  };
  return new SlurmClient({ logDirOf });
}

/** @returns elements at once */
export function slurmSlots({ executor }: Plan, { slices }: Pick<Submittable, 'slices'>) {
  return { device: 'Slurm', slots: Math.min(slices.length, executor.slurm.parallel ?? slices.length) };
}

/** Submissions of one plan, followed one after the other, and what was found in all. */
export class FollowedRun {
  readonly #known: KnownPlan;
  readonly #store: Store;
  readonly #isSilent: boolean;
  readonly #cluster: Cluster;
  readonly #signals = new StopSignals();
  readonly #started = performance.now();
  readonly #cached: number;
  #estimate: number | null = null;
  #found: Followed = { outcome: 'finished', solved: 0, failed: 0, trouble: null };

  constructor(known: KnownPlan, store: Store, isSilent: boolean) {
    this.#known = known;
    this.#store = store;
    this.#isSilent = isSilent;
    this.#cluster = clusterFor(store.dir);
    const states = statesOf(store, cellKeys(known.plan));
    this.#cached = [...states.values()].filter((state) => state === 'done').length;
  }

  /** Whether all that were followed have come to their end. */
  get goesOn(): boolean {
    return this.#found.outcome === 'finished';
  }

  /** @param wait false: looks once */
  async follow(submission: Submission, estimate: number | null = null, wait = true): Promise<void> {
    if (wait && !this.goesOn) return;
    this.#estimate = estimate;
    const { plan } = this.#known;
    const { experiment, submitted } = submission.spec;
    if (submission.arrays().length > 0 && !this.#isSilent)
      say(`${experiment}: its jobs of ${submitted} are under way`);
    const slices = submission.slices();
    const all = slices.flatMap(({ batches }) => batches);
    const states = statesOf(
      this.#store,
      all.flatMap(({ wanted }) => wanted),
    );
    const todo = all.flatMap(({ batch, wanted }) => {
      const open = wanted.filter((key) => states.get(key) === 'todo');
      return open.length > 0 ? [{ batch, wanted: open, retries: 0 }] : [];
    });
    const progress = new RunProgress(
      expectedSeconds(todo, costsOf(this.#store)),
      slurmSlots(plan, { slices }).slots,
    );
    const means = new RunningMeans(metricRows(this.#store, experiment), todo);
    const display = displayFor(this.#isSilent, progress, means, plan, []);
    try {
      this.#add(await this.#followed(submission, display, wait));
    } finally {
      display.stop();
    }
    if (this.#found.outcome === 'interrupted' && !this.#isSilent)
      warn(
        `the jobs run on; tweedie collect ${experiment} goes on, tweedie cancel ${experiment} ends them` +
          (progress.jobs === '' ? '' : ` (elements: ${progress.jobs})`),
      );
  }

  /** What was found, nothing computed here. */
  summary(): TimedSummary {
    return {
      ...{ ...this.#found, cached: this.#cached, scored: 0, unscored: [], missing: [] },
      seconds: (performance.now() - this.#started) / 1000,
      ...{ estimatedSeconds: this.#estimate, signalExitCode: this.#signals.exitCode },
    };
  }

  /** Computes what numbers are missing, on this machine. */
  async score(limits: TimeLimits, note: ProcessNote): Promise<TimedSummary> {
    if (!this.goesOn) return this.summary();
    const { plan, known } = this.#known;
    const { signal } = this.#signals;
    if (!this.#isSilent && lacksScores(this.#store, plan.name, known))
      say(
        `${plan.name}: numbers that no element could find are computed by the processors of this machine; ` +
          `elsewhere: Ctrl-C, and in a job tweedie score ${relative('', plan.configFile)}`,
      );
    // Numbers of networks are float32 whatever steps were computed in, and this machine may have no card.
    const leases = makeLeases([{ device: 'cpu', slots: 1 }], {
      ...{ precision: 'float32', resultsDir: this.#store.dir, plugins: plan.plugins },
    });
    const display = displayFor(this.#isSilent, new RunProgress(new Map(), 1), noMeans(), plan, leases);
    try {
      const { outcome, scored, unscored, trouble } = await runPlan(plan, this.#store, note, leases, {
        ...{ known, solve: false, failFast: false, limits, estimatedSeconds: null, signal },
        events: display,
      });
      const missing = outcome === 'finished' ? missingPictures(this.#store, plan.name) : [];
      return { ...this.summary(), outcome, scored, unscored, trouble, missing };
    } finally {
      display.stop();
    }
  }

  dispose(): void {
    this.#signals.dispose();
  }

  #followed(submission: Submission, events: RunEvents, wait: boolean): Promise<Followed> {
    const { signal } = this.#signals;
    return follow(submission, this.#store, {
      ...{ cluster: this.#cluster, program: PROGRAM, clock: realClock, signal, events, wait },
    });
  }

  #add({ outcome, solved, failed, trouble }: Followed): void {
    const before = this.#found;
    this.#found = {
      ...(this.goesOn ? { outcome, trouble } : { outcome: before.outcome, trouble: before.trouble }),
      ...{ solved: before.solved + solved, failed: before.failed + failed },
    };
  }
}

function noMeans(): RunningMeans {
  return new RunningMeans([], []);
}
