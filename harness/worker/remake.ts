import { openDataset } from '../data/index.ts';
import { openDevice } from '../engine/device.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Batch } from '../identity/refs.ts';
import { toImage8 } from '../pictures/image8.ts';
import type { StoredImage } from '../store/records.ts';
import { tasks } from '../tasks/index.ts';
import { measure } from '../tasks/measure.ts';
import type { CellPictures } from './artifacts.ts';
import { readTensor, writeImage } from './files.ts';
import { concatenate, loadItems, type Measurement, writeMeasurement } from './solve-group.ts';
import { BatchStreams } from './streams.ts';
import { datasetSpec, named } from './workbench.ts';

/** A solver's stored output. */
export interface StoredTensor {
  /** Relative to the results folder. */
  readonly path: string;
  /** Of the file; null where it is not known. */
  readonly sha256: string | null;
}

/** The pictures of one cell; no result where its tensor is missing or damaged. */
export type RemadePictures = Omit<CellPictures, 'result'> & { readonly result: StoredImage | null };

/** Cells of one batch, by their keys. */
export interface StoredBatch {
  readonly batch: Batch;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Writes pictures of cells again without solving: the truth of the data set, the measurement as the task draws it (of the
 * whole batch, as it was first composed), the restored one of the solver's stored output.
 * @returns pictures by cell key, batch by batch
 */
export async function* remakePictures(
  batches: readonly StoredBatch[],
  resultsDir: string,
): AsyncGenerator<{ batch: Batch; pictures: ReadonlyMap<string, RemadePictures> }> {
  if (batches.length === 0) return;
  const device = await openDevice('cpu');
  try {
    for (const stored of batches)
      yield { batch: stored.batch, pictures: await remakeBatch(stored, resultsDir) };
  } finally {
    await device.dispose();
  }
}

async function remakeBatch(
  { batch, tensors }: StoredBatch,
  resultsDir: string,
): Promise<Map<string, RemadePictures>> {
  const { data, imageShape } = batch.setting;
  const items = await loadItems(batch, openDataset(datasetSpec(data)));
  const measurement = await measureAll(batch, concatenate(items.map(({ image }) => image)));
  const pictures = new Map<string, RemadePictures>();
  for (const [i, { cellKey }] of batch.items.entries()) {
    const tensor = tensors.get(cellKey);
    if (!tensor) continue;
    const output = outputOf(resultsDir, tensor, items[i]!.image.length);
    pictures.set(cellKey, {
      truth: await writeImage(resultsDir, toImage8(items[i]!.image, imageShape)),
      given: await writeMeasurement(resultsDir, measurement, i),
      result: output && (await writeImage(resultsDir, toImage8(output, imageShape))),
    });
  }
  return pictures;
}

async function measureAll(
  { setting: { task, params, imageShape }, seed, rng, items }: Batch,
  truth: Float32Array,
): Promise<Measurement> {
  const ids = items.map(({ id }) => id);
  tf.engine().startScope();
  try {
    const images = tf.tensor(truth, [ids.length, ...imageShape]);
    const { y } = measure(named(tasks, task), params, images, new BatchStreams(seed, ids, rng));
    return { values: (await y.data()) as Float32Array, shape: y.shape };
  } finally {
    tf.engine().endScope();
  }
}

function outputOf(resultsDir: string, { path, sha256 }: StoredTensor, length: number): Float32Array | null {
  try {
    const output = readTensor(resultsDir, path, sha256);
    return output.length === length ? output : null;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
