import type { Dataset, DatasetItem } from '../data/dataset.ts';
import type { Compile } from '../engine/compile.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Batch, MetricRef } from '../identity/refs.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import { toImage8 } from '../pictures/image8.ts';
import type { Prior } from '../priors/prior.ts';
import { type PicturePair, scorePair } from '../scoring/score-pairs.ts';
import { CallTally } from '../solvers/call-tally.ts';
import { type Lost, SamplingRun } from '../solvers/sampling-run.ts';
import type { Solver } from '../solvers/solver.ts';
import type { ScoreRecord, StoredImage } from '../store/records.ts';
import { measure } from '../tasks/measure.ts';
import type { InverseProblem, InverseTask } from '../tasks/task.ts';
import { picturesAnd } from './artifacts.ts';
import { writeImage, writeTensor } from './files.ts';
import type { GroupJob, ImageOutcome } from './messages.ts';
import { forgetPeakMemory, peakMemoryMiB } from './peak-memory.ts';
import { checkProgress, requirePictures } from './solver-reports.ts';
import { BatchStreams } from './streams.ts';

/** What a batch needs beside its job; names are looked up by the caller. */
export interface GroupParts {
  readonly task: InverseTask;
  readonly dataset: Dataset;
  /** Those of the plan's metrics that are arithmetic on two pictures; the others follow once all is solved. */
  readonly metrics: readonly { readonly ref: MetricRef; readonly metric: ImageMetric }[];
  /** null: the task's baseline. */
  readonly method: { readonly solver: Solver; readonly prior: Prior } | null;
  readonly device: { readonly name: string; readonly compile: Compile };
  readonly resultsDir: string;
  progress(done: number, total: number): void;
}

interface Restoration {
  /** [B,C,H,W]. */
  restored: Tensor;
  steps: number;
  counters: Record<string, number>;
  /** Where an image of the batch became NaN first. */
  lost: ReadonlyMap<number, Lost>;
}

/**
 * Restores and scores one batch; hands over each image as soon as its files are on the disk.
 * @throws whatever the solver throws; images handed over before stay valid.
 */
export async function* solveGroup(job: GroupJob, parts: GroupParts): AsyncGenerator<ImageOutcome> {
  const { batch } = job;
  const { params, imageShape } = batch.setting;
  const items = await loadItems(batch, parts.dataset);
  const streams = new BatchStreams(
    batch.seed,
    items.map(({ id }) => id),
    batch.rng,
  );
  const truth = tf.tensor(concatenate(items.map(({ image }) => image)), [items.length, ...imageShape]);

  // Every tensor that the task and the solver leave behind goes with the scope; the prior's were made before it.
  tf.engine().startScope();
  let solved: { restored: Float32Array; measurement: Measurement; seconds: number; restoration: Restoration };
  try {
    const problem = measure(parts.task, params, truth, streams);
    const measurement = { values: (await problem.y.data()) as Float32Array, shape: problem.y.shape };
    const started = performance.now();
    const restoration = await restore(batch, parts, problem, streams);
    const restored = (await restoration.restored.data()) as Float32Array;
    solved = { restored, measurement, restoration, seconds: (performance.now() - started) / 1000 };
  } finally {
    tf.engine().endScope();
    truth.dispose();
  }

  const wanted = new Set(job.wanted);
  for (const [i, item] of items.entries()) {
    const { cellKey } = batch.items[i]!;
    if (!wanted.has(cellKey)) continue;
    const values = imageOf(solved.restored, i, items.length);
    if (!values.every(Number.isFinite)) {
      const bad = values.filter((v) => !Number.isFinite(v)).length;
      yield {
        kind: 'nan',
        cellKey,
        message: `${bad} of ${values.length} values of the result are not finite${firstLost(solved.restoration.lost.get(i))}`,
      };
      continue;
    }
    const tensor = writeTensor(parts.resultsDir, cellKey, values, imageShape);
    const [restored, original] = [toImage8(values, imageShape), toImage8(item.image, imageShape)];
    yield {
      kind: 'solved',
      solution: {
        cellKey,
        artifacts: picturesAnd(tensor, {
          result: await writeImage(parts.resultsDir, restored),
          truth: await writeImage(parts.resultsDir, original),
          given: await writeMeasurement(parts.resultsDir, solved.measurement, i),
        }),
        seconds: solved.seconds / items.length,
        steps: solved.restoration.steps,
        counters: solved.restoration.counters,
        device: parts.device.name,
        batch: items.map(({ id }) => id),
        scores: scoresOf(parts.metrics, { name: item.id, restored, truth: original }),
      },
    };
  }
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

export async function loadItems(
  { setting, items: planned }: Batch,
  dataset: Dataset,
): Promise<DatasetItem[]> {
  const [, height, width] = setting.imageShape;
  const items: DatasetItem[] = [];
  for (const { id, sha256 } of planned) {
    const item = await dataset.item(id, { height, width });
    if (item.sha256 !== sha256)
      throw new Error(`${setting.data.name} ${id} has changed since the plan was made`);
    items.push(item);
  }
  return items;
}

async function restore(
  { method: { params }, setting: { imageShape }, items }: Batch,
  { task, method, device, progress }: GroupParts,
  problem: InverseProblem,
  streams: BatchStreams,
): Promise<Restoration> {
  if (!method) {
    const restored = task.baseline.restore(problem, imageShape);
    return { restored, steps: 0, counters: {}, lost: new Map() };
  }
  const tally = new CallTally();
  let steps = 0;
  const run = new SamplingRun({
    batch: items.length,
    compile: device.compile,
    normal: (role, shape) => streams.normal(role, shape),
    progress: (done, total) => {
      checkProgress(done, total);
      steps = total;
      progress(Math.min(done, total), total);
    },
    tally,
  });
  forgetPeakMemory();
  const restored = await method.solver.solve(problem, tally.watch(method.prior), params, run);
  requirePictures(method.solver.name, restored, [items.length, ...imageShape]);
  // The last step may still be to run: reading its result is what makes it.
  await restored.data();
  return { restored, steps, counters: { ...tally.counts, peakMemoryMiB: peakMemoryMiB() }, lost: run.lost };
}

export interface Measurement {
  values: Float32Array;
  /** [B,C,h,w]. */
  shape: readonly number[];
}

export function writeMeasurement(
  resultsDir: string,
  { values, shape }: Measurement,
  i: number,
): Promise<StoredImage> {
  const [batch, channels, height, width] = shape;
  if (shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new Error(`a measurement of shape [${shape}] is not a picture: expected [B,1,h,w] or [B,3,h,w]`);
  }
  return writeImage(resultsDir, toImage8(imageOf(values, i, batch!), [channels, height!, width!]));
}

function imageOf(values: Float32Array, i: number, batch: number): Float32Array {
  const size = values.length / batch;
  return values.subarray(i * size, (i + 1) * size);
}

export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
