import type { Batch } from '../identity/refs.ts';
import { cellKeys, type Plan, partsByRow } from '../plan/plan.ts';
import { statesOf } from '../store/queries.ts';
import type { CellRecord, CellStatus } from '../store/records.ts';
import { type Registered, registerExperiment } from '../store/register.ts';
import type { Store } from '../store/store.ts';
import { endRun, startRun } from '../store/writes.ts';
import type { Lease } from '../worker/messages.ts';
import { Claims } from './claims.ts';
import type { RunSummary } from './events.ts';
import { removeLeftovers } from './leftovers.ts';
import { StoredOutcomes } from './outcomes.ts';
import { PatientWriter } from './patience.ts';
import type { ProcessNote } from './process-note.ts';
import { describeRun } from './provenance.ts';
import { Reserve } from './reserve.ts';
import { firstAttempt, type WorkItem } from './retry-policy.ts';
import { lacksScores, scorePlan } from './score-plan.ts';
import { type RunOptions, Solving } from './solving.ts';
import { troubleOf } from './trouble.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Enters the plan's cells into the store, row by row. */
export function registerPlan(store: Store, plan: Plan): Registered {
  return registerExperiment(store, { ...plan, cells: partsByRow(plan).flat().flatMap(cellRecords) });
}

/** The batches that lack a result, each as the plan composed it, with the cells that are still to do. */
export function workToDo(plan: Plan, states: ReadonlyMap<string, CellStatus>): WorkItem[] {
  return plan.batches.flatMap((batch) => {
    const wanted = batch.items
      .map(({ cellKey }) => cellKey)
      .filter((key) => (states.get(key) ?? 'todo') === 'todo');
    return wanted.length > 0 ? [firstAttempt(batch, wanted)] : [];
  });
}

/**
 * Runs what a registered plan still lacks, then scores what its pictures lack. Every image and every number is stored as
 * soon as it is there, so a run may be killed at any moment and the same call goes on from there. Where nothing can be
 * stored any more it stops in order and says why.
 */
export async function runPlan(
  plan: Plan,
  store: Store,
  note: ProcessNote,
  leases: readonly Lease[],
  options: RunOptions,
): Promise<RunSummary> {
  const started = performance.now();
  const keys = cellKeys(plan);
  const states = statesOf(store, keys);
  const queue = options.solve ? workToDo(plan, states) : [];
  const cached = keys.filter((key) => states.get(key) === 'done').length;
  const summary = { cached, solved: 0, failed: 0, scored: 0, unscored: [], trouble: null };
  if (queue.length === 0 && !lacksScores(store, plan.name, options.known)) {
    return { ...summary, outcome: 'finished', seconds: 0 };
  }

  removeLeftovers(store.dir);
  const writer = new PatientWriter(store, options.signal, () => options.events.waiting());
  const { WorkerPool } = await import('./worker-pool.ts');
  const pool = new WorkerPool(leases, note);
  const result = await inOrder(pool, store, async () => {
    const outcome =
      queue.length > 0
        ? await solve(plan, store, writer, queue, pool, note, leases, options, summary)
        : 'finished';
    const scores = outcome === 'finished' ? await score(plan, store, writer, pool, leases, options) : {};
    return { outcome, ...scores };
  });
  const seconds = (performance.now() - started) / 1000;
  const outcome = options.signal.aborted ? 'interrupted' : result.outcome;
  return { ...summary, ...result, outcome, seconds };
}

/** Ends the workers whatever happens; a run that cannot store its results is one that has stopped. */
async function inOrder(
  pool: WorkerPool,
  store: Store,
  work: () => Promise<Pick<RunSummary, 'outcome'> & Partial<RunSummary>>,
): Promise<Pick<RunSummary, 'outcome'> & Partial<RunSummary>> {
  try {
    return await work();
  } catch (error) {
    return { outcome: 'stopped', trouble: troubleOf(error, store.dir) };
  } finally {
    await pool.close();
  }
}

async function solve(
  plan: Plan,
  store: Store,
  writer: PatientWriter,
  queue: WorkItem[],
  pool: WorkerPool,
  { main }: ProcessNote,
  leases: readonly Lease[],
  options: RunOptions,
  summary: { cached: number; solved: number; failed: number },
): Promise<RunSummary['outcome']> {
  const about = { ...describeRun(leases), estimatedSeconds: options.estimatedSeconds };
  const runId = await writer.write(() => startRun(store, plan.name, about));
  const reserve = new Reserve(store.dir, plan.name);
  const claims = new Claims(store.dir, main);
  let outcome: RunSummary['outcome'] = 'stopped';
  try {
    reserve.fill();
    const stored = new StoredOutcomes(store, writer, runId);
    const solving = new Solving(plan, store, stored, queue, claims, options, summary);
    outcome = await solving.work(pool, leases.length);
    return outcome;
  } finally {
    if (outcome !== 'finished') await pool.killChildren();
    reserve.release();
    claims.close();
    endRun(store, runId, outcome);
  }
}

async function score(
  plan: Plan,
  store: Store,
  writer: PatientWriter,
  pool: WorkerPool,
  leases: readonly Lease[],
  { known, signal, limits, events }: RunOptions,
): Promise<Pick<RunSummary, 'scored' | 'unscored'>> {
  const kill = () => void pool.killChildren();
  signal.addEventListener('abort', kill);
  try {
    return await scorePlan(store, writer, plan, pool, {
      known,
      workers: leases.length,
      stallSeconds: limits.stallSeconds,
      signal,
      onProgress: (done, total) => events.scoring(done, total),
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function cellRecords({ method, setting, rng, precision, items }: Batch): CellRecord[] {
  return items.map(({ cellKey: key, id: item, sha256: itemSha256, seed }) => {
    return { key, method, setting, item, itemSha256, seed, rng, precision };
  });
}
