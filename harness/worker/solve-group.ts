import type { Dataset } from '../data/dataset.ts';
import type { Compile } from '../engine/compile.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { methodOf } from '../identity/batch-methods.ts';
import { problemKey } from '../identity/keys.ts';
import { drawsOf, ofOneDraw } from '../identity/mean-of-draws.ts';
import type { Batch, MetricRef } from '../identity/refs.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import type { NamedTensor } from '../networks/safetensors-writer.ts';
import { mediaForms } from '../pictures/media.ts';
import type { Prior } from '../priors/prior.ts';
import { type PicturePair, scorePair } from '../scoring/score-pairs.ts';
import { CallTally } from '../solvers/call-tally.ts';
import { type Lost, SamplingRun } from '../solvers/sampling-run.ts';
import type { Solver } from '../solvers/solver.ts';
import { Trace } from '../solvers/trace.ts';
import type { ScoreRecord } from '../store/records.ts';
import { TRUTH } from '../store/stored-file.ts';
import type { Given, Kind } from '../tasks/kinds.ts';
import type { Task } from '../tasks/task.ts';
import { answerOf, type Judged, judged } from './answer.ts';
import { picturesAnd } from './artifacts.ts';
import {
  type Drawn,
  drawnGiven,
  drawnTruth,
  loadItems,
  ofImage,
  type PosedBatch,
  poseBatch,
  resultMedia,
  type ValuesByName,
  valuesByName,
  writeGiven,
} from './batch.ts';
import { writeImage, writeTensor } from './files.ts';
import { meanAnswer } from './mean-answer.ts';
import type { GroupJob, ImageOutcome } from './messages.ts';
import { forgetPeakMemory, peakMemoryMiB } from './peak-memory.ts';
import { checkProgress } from './solver-reports.ts';
import { writeTrace } from './write-trace.ts';

/** What a batch needs beside its job; names are looked up by the caller. */
export interface GroupParts<K extends Kind = Kind> {
  readonly task: Task<K>;
  readonly dataset: Dataset;
  /** Those of the plan's metrics that are arithmetic on two pictures; the others follow once all is solved. */
  readonly metrics: readonly { readonly ref: MetricRef; readonly metric: ImageMetric }[];
  /** null: the task's baseline. */
  readonly method: { readonly solver: Solver<K>; readonly prior: Prior } | null;
  readonly device: { readonly name: string; readonly compile: Compile };
  readonly resultsDir: string;
  /** Whether what the solver says of its steps is kept. Default: no. */
  readonly traces?: boolean;
  progress(done: number, total: number): void;
}

/** What a method has found. */
interface Solution {
  result: Judged;
  steps: number;
  counters: Record<string, number>;
  /** Where an image of the batch became NaN first. */
  lost: ReadonlyMap<number, Lost>;
}

/**
 * Solves and scores one batch; hands over each image as soon as its files are on the disk.
 * @throws whatever the solver throws; images handed over before stay valid.
 */
export async function* solveGroup(job: GroupJob, parts: GroupParts): AsyncGenerator<ImageOutcome> {
  const { batch } = job;
  const { imageShape } = batch.setting;
  const items = await loadItems(batch, parts.dataset);
  const media = resultMedia(parts.task);
  const { keep, shape } = mediaForms[media];

  const wanted = new Set(job.wanted);
  const trace = parts.traces ? new Trace() : undefined;

  // Every tensor that the task and the solver leave behind goes with the scope; the prior's were made before it.
  tf.engine().startScope();
  let solved: Solution & { given: Drawn | null; truth: Drawn; seconds: number; truths: ValuesByName };
  try {
    const posed = await poseBatch(batch, parts.task, parts.dataset, items);
    const given = await drawnGiven(parts.task, posed.given);
    const truth = await drawnTruth(posed);
    const truths = await valuesByName(posed.truths ?? {});
    const started = performance.now();
    const solution = await solve(batch, parts, posed, trace);
    solved = { ...solution, given, truth, truths, seconds: (performance.now() - started) / 1000 };
  } finally {
    tf.engine().endScope();
    // Also of a solver that has thrown: its last steps say most.
    for (const [i, { cellKey }] of batch.items.entries())
      if (trace && wanted.has(cellKey)) await writeTrace(parts.resultsDir, cellKey, trace, i);
  }

  for (const [i, item] of items.entries()) {
    const { cellKey } = batch.items[i]!;
    if (!wanted.has(cellKey)) continue;
    const values = ofImage(solved.result, i);
    if (!values.every(Number.isFinite)) {
      const bad = values.filter((v) => !Number.isFinite(v)).length;
      yield {
        kind: 'nan',
        cellKey,
        message: `${bad} of ${values.length} values of the result are not finite${firstLost(solved.lost.get(i))}`,
      };
      continue;
    }
    const beside = [...arraysOf(solved.result.beside, i, ''), ...arraysOf(solved.truths, i, TRUTH)];
    const array = Float32Array.from(values);
    const tensor = writeTensor(parts.resultsDir, cellKey, array, shape(imageShape), beside);
    const [result, truth] = [keep(values, imageShape), keep(ofImage(solved.truth, i), imageShape)];
    yield {
      kind: 'solved',
      solution: {
        cellKey,
        artifacts: picturesAnd(
          tensor,
          {
            result: await writeImage(parts.resultsDir, result, media),
            truth: await writeImage(parts.resultsDir, truth, media, solved.truth.words?.[i]),
            given: await writeGiven(parts.resultsDir, solved.given, i),
          },
          media,
        ),
        seconds: solved.seconds / items.length,
        steps: solved.steps,
        counters: solved.counters,
        device: parts.device.name,
        batch: batch.items.map((one) => one.cellKey),
        scores: scoresOf(parts.metrics, { name: item.id, restored: result, truth }),
      },
    };
  }
}

/** What belongs to one image, as its array file names it. */
function arraysOf(of: ValuesByName, i: number, prefix: string): NamedTensor[] {
  return Object.entries(of).map(([name, values]) => ({
    name: prefix + name,
    shape: values.shape.slice(1),
    data: Float32Array.from(ofImage(values, i)),
  }));
}

/**
 * What the plan's plain metrics give for one picture: as the stored file would, which is the same bytes. One that refuses
 * the picture has no number yet: scoring, which comes after, says why.
 */
function scoresOf(metrics: GroupParts['metrics'], pair: PicturePair): ScoreRecord[] {
  const scores: ScoreRecord[] = [];
  for (const { ref, metric } of metrics) {
    try {
      const value = scorePair(metric, pair);
      scores.push({ metric: ref.name, version: ref.version, protocol: ref.protocol, value });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return scores;
}

function firstLost(lost: Lost | undefined): string {
  return lost ? `; the first in ${lost.name} at step ${lost.step} of ${lost.of} (t = ${lost.t})` : '';
}

/** With the captions that the plan has put beside the pictures, where the method asks for them. */
function told<K extends Kind>(given: Given[K], items: Batch['items']): Given[K] {
  const captions = items.flatMap(({ caption }) => caption ?? []);
  return captions.length > 0 ? { ...given, captions } : given;
}

async function solve<K extends Kind>(
  batch: Batch,
  { task, method, device, progress }: GroupParts<K>,
  { given, streams }: PosedBatch<K>,
  trace: Trace | undefined,
): Promise<Solution> {
  const { setting, rng, items } = batch;
  const { imageShape } = setting;
  const of = [items.length, ...imageShape] as const;
  if (!method) {
    if (!task.baseline) throw new Error(`${task.name} has no baseline any more; make the plan again`);
    const answer = task.baseline.solve(given, imageShape);
    const result = await judged(task.baseline.name, task.kind, answer, given, of);
    return { result, steps: 0, counters: {}, lost: new Map() };
  }
  const tally = new CallTally();
  const prior = tally.watch(method.prior);
  const images = items.map(({ id, seed, sha256: pixels }) => ({
    id,
    seed,
    problem: problemKey({ setting: setting.key, seed, rng, id, pixels }),
  }));
  const ofEach = items.map((item) => ofOneDraw(methodOf(batch, item).params));
  const draws = drawsOf(batch.method.params);
  let steps = 0;
  let lost = new Map<number, Lost>();
  forgetPeakMemory();
  // Each goes on with the streams where the one before has left them, so that the first is a single draw's.
  const result = await meanAnswer(draws, async (draw) => {
    const run = new SamplingRun({
      images,
      task: { name: setting.task, params: setting.params },
      compile: device.compile,
      normal: (role, shape) => streams.normal(role, shape),
      uniform: (role, shape) => streams.uniform(role, shape),
      progress: (done, total) => {
        checkProgress(done, total);
        steps = total;
        progress(draw * total + Math.min(done, total), draws * total);
      },
      tally,
      ...(trace && draw === 0 && { trace }),
    });
    const answer = await answerOf(method.solver, told(given, items), prior, ofEach, run, of);
    lost = new Map([...run.lost, ...lost]);
    return answer;
  });
  return { result, steps, counters: { ...tally.counts, peakMemoryMiB: peakMemoryMiB() }, lost };
}
