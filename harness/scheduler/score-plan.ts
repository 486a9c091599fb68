import { inBatches } from '../arrays.ts';
import { UserError } from '../errors.ts';
import type { Batch } from '../identity/refs.ts';
import type { FeatureExtractor } from '../metrics/set-metric.ts';
import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { FeatureCache } from '../scoring/feature-cache.ts';
import { extractorProtocol } from '../scoring/protocol.ts';
import { missingSetScores, type SetComparisonPlan, type SetPicture } from '../store/configurations.ts';
import { type MissingScore, missingScores } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import { saveScores, saveSetScore } from '../store/writes.ts';
import type { CellToScore, Problem, ScoreJob } from '../worker/messages.ts';
import { isAsked, isPosedAgain } from './asked.ts';
import { drain } from './drain.ts';
import type { RunSummary } from './events.ts';
import type { PatientWriter } from './patience.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface ScoringOptions {
  /** The experiment's metrics and tasks, those of its plug-ins too. */
  readonly known: Known;
  /** Jobs that run at once: the leases of the pool. */
  readonly workers: number;
  /** Seconds without a sign of life after which a job is stopped; null: never. */
  readonly stallSeconds: number | null;
  /** Aborting it stops the scoring; what is stored stays. */
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** Pictures of one job: large enough to be worth a message, small enough to lose. */
const CELLS_A_JOB = 16;
const PICTURES_A_JOB = 32;

/** Whether the store lacks a number that the experiment asks for and that its solved pictures can give. */
export function lacksScores(store: Store, experiment: string, known: Known): boolean {
  return (
    scoresToMake(store, experiment, known).length > 0 || setsToScore(store, experiment, known).length > 0
  );
}

function scoresToMake(store: Store, experiment: string, known: Known): MissingScore[] {
  return missingScores(store, experiment).filter(({ metric, task }) => isAsked(known, metric, task));
}

function setsToScore(store: Store, experiment: string, known: Known): SetComparisonPlan[] {
  return missingSetScores(store, experiment).filter(({ metric, task }) => isAsked(known, metric.name, task));
}

/**
 * Computes the numbers that an experiment asks for and its stored pictures lack: a new or a corrected metric, networks'
 * numbers, and those of whole sets. Solves nothing. Features come first, each once, so that two methods' numbers share
 * the truths' and a further method costs its own.
 */
export async function scorePlan(
  store: Store,
  writer: PatientWriter,
  plan: Pick<Plan, 'name' | 'batches'>,
  pool: WorkerPool,
  options: ScoringOptions,
): Promise<Pick<RunSummary, 'scored' | 'unscored'>> {
  const { known } = options;
  const { name: experiment } = plan;
  const run = new Scoring(store, writer, pool, options);
  const cells = cellJobs(store, plan, known);
  const sets = setsToScore(store, experiment, known);
  const features = featureJobs(store, sets, known);
  run.expect([...cells, ...features], sets.length);
  await run.all([...cells, ...features]);
  const ready = sets.filter(
    (comparison) =>
      missingFeatures(store, extractorOf(comparison, known), picturesOf(comparison)).length === 0,
  );
  await run.all(ready.map((comparison) => ({ of: 'set', comparison })));
  return { scored: run.scored, unscored: [...run.unscored] };
}

class Scoring {
  scored = 0;
  readonly unscored = new Set<string>();
  readonly #store: Store;
  readonly #writer: PatientWriter;
  readonly #pool: WorkerPool;
  readonly #options: ScoringOptions;
  #done = 0;
  #total = 0;
  #jobs = 0;

  constructor(store: Store, writer: PatientWriter, pool: WorkerPool, options: ScoringOptions) {
    this.#store = store;
    this.#writer = writer;
    this.#pool = pool;
    this.#options = options;
  }

  expect(jobs: readonly ScoreJob[], sets: number): void {
    this.#total = jobs.reduce((sum, job) => sum + sizeOf(job), sets);
  }

  async all(jobs: readonly ScoreJob[]): Promise<void> {
    const queue = [...jobs];
    const failing = new AbortController();
    failing.signal.addEventListener('abort', () => void this.#pool.killChildren());
    const stopping = AbortSignal.any([this.#options.signal, failing.signal]);
    const loop = async () => {
      for (let job = queue.shift(); job && !stopping.aborted; job = queue.shift()) await this.#run(job);
    };
    await drain(Math.min(this.#options.workers, jobs.length), loop, failing);
  }

  async #run(job: ScoreJob): Promise<void> {
    const limits = { batchSeconds: null, stallSeconds: this.#options.stallSeconds };
    const task = { id: `score ${this.#jobs++}`, work: { kind: 'score', job } as const, limits };
    const end = await this.#pool.run(task, async (_lease, event) => {
      switch (event.kind) {
        case 'scored':
          await this.#writer.write(() => saveScores(this.#store, event.cellKey, event.scores));
          this.scored += event.scores.length;
          this.#advance(1);
          return;
        case 'set-scored':
          await this.#writer.write(() => saveSetScore(this.#store, event.score));
          this.scored++;
          this.#advance(1);
          return;
        case 'progress':
          this.#advance(event.done);
      }
    });
    if (end.kind === 'stop') throw new UserError(end.message);
    if (end.kind === 'failed' && !this.#options.signal.aborted) {
      this.unscored.add(`${namesOf(job)}: ${end.failure}: ${end.message}`);
    }
  }

  #advance(by: number): void {
    this.#done += by;
    this.#options.onProgress(this.#done, this.#total);
  }
}

function cellJobs(store: Store, { name, batches }: Pick<Plan, 'name' | 'batches'>, known: Known): ScoreJob[] {
  const missing = scoresToMake(store, name, known);
  const posed = missing.filter(({ metric, task }) => isPosedAgain(known, metric, task));
  const problems = problemsOf(batches, new Set(posed.map(({ cellKey }) => cellKey)));
  const cells = new Map<string, CellToScore>();
  for (const { cellKey, restored, truth, array, dataset, task: _, item, ...metric } of missing) {
    const others = cells.get(cellKey)?.metrics ?? [];
    const problem = problems.get(cellKey);
    cells.set(cellKey, {
      ...{ cellKey, restored, truth, array, dataset, item },
      problem,
      metrics: [...others, metric],
    });
  }
  return inBatches([...cells.values()], CELLS_A_JOB).map((part) => ({ of: 'cells', cells: part }));
}

function problemsOf(batches: readonly Batch[], wanted: ReadonlySet<string>): Map<string, Problem> {
  const problems = new Map<string, Problem>();
  for (const { setting, rng, items } of batches)
    for (const item of items)
      if (wanted.has(item.cellKey)) problems.set(item.cellKey, { setting, rng, items: [item] });
  return problems;
}

/** The pictures whose features no cache holds yet, each once for each extractor. */
function featureJobs(store: Store, sets: readonly SetComparisonPlan[], known: Known): ScoreJob[] {
  const wanted = new Map<FeatureExtractor, { metric: string; pictures: Map<string, SetPicture> }>();
  for (const comparison of sets) {
    const extractor = extractorOf(comparison, known);
    const { pictures } = wanted.get(extractor) ?? { pictures: new Map<string, SetPicture>() };
    for (const picture of picturesOf(comparison)) pictures.set(picture.sha256, picture);
    wanted.set(extractor, { metric: comparison.metric.name, pictures });
  }
  return [...wanted].flatMap(([extractor, { metric, pictures }]) =>
    inBatches(missingFeatures(store, extractor, [...pictures.values()]), PICTURES_A_JOB).map(
      (part): ScoreJob => ({ of: 'features', metric, pictures: part }),
    ),
  );
}

function missingFeatures(
  store: Store,
  extractor: FeatureExtractor,
  pictures: readonly SetPicture[],
): SetPicture[] {
  const cache = new FeatureCache(store.dir, extractorProtocol(extractor), extractor.dimensions);
  return pictures.filter(({ sha256 }) => !cache.has(sha256));
}

function extractorOf({ metric: { name } }: SetComparisonPlan, { metrics }: Known): FeatureExtractor {
  const metric = metrics.get(name);
  if (metric?.level !== 'set')
    throw new Error(`"${name}" is no metric of sets any more; make the plan again`);
  return metric.extractor;
}

function picturesOf({ generated, references }: SetComparisonPlan): readonly SetPicture[] {
  return [...references, ...generated];
}

function sizeOf(job: ScoreJob): number {
  if (job.of === 'set') return 1;
  return job.of === 'cells' ? job.cells.length : job.pictures.length;
}

function namesOf(job: ScoreJob): string {
  if (job.of === 'set') return job.comparison.metric.name;
  if (job.of === 'features') return job.metric;
  return [...new Set(job.cells.flatMap((cell) => cell.metrics.map(({ metric }) => metric)))].join(', ');
}
