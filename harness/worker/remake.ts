import type { Dataset, DatasetItem } from '../data/dataset.ts';
import { openDevice } from '../engine/device.ts';
import { sizeOf } from '../engine/shape.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Batch } from '../identity/refs.ts';
import { mediaForms } from '../pictures/media.ts';
import { datasetOf, type Known, named } from '../plan/registries.ts';
import type { StoredImage } from '../store/records.ts';
import type { Task } from '../tasks/task.ts';
import type { CellPictures } from './artifacts.ts';
import {
  type Drawn,
  drawnGiven,
  drawnTruth,
  loadItems,
  ofImage,
  poseBatch,
  resultMedia,
  writeGiven,
} from './batch.ts';
import { readTensor, writeImage } from './files.ts';

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
  known: Known,
): AsyncGenerator<{ batch: Batch; pictures: ReadonlyMap<string, RemadePictures> }> {
  if (batches.length === 0) return;
  const device = await openDevice('cpu');
  try {
    for (const stored of batches)
      yield { batch: stored.batch, pictures: await remakeBatch(stored, resultsDir, known) };
  } finally {
    await device.dispose();
  }
}

async function remakeBatch(
  { batch, tensors }: StoredBatch,
  resultsDir: string,
  known: Known,
): Promise<Map<string, RemadePictures>> {
  const { setting } = batch;
  const task = named(known.tasks, setting.task);
  const dataset = datasetOf(setting.data, known);
  const items = await loadItems(batch, dataset);
  const { given, truth } = await valuesByRole(batch, task, dataset, items);
  const media = resultMedia(task);
  const { keep, shape } = mediaForms[media];
  const { imageShape } = setting;
  const length = sizeOf(shape(imageShape));
  const pictures = new Map<string, RemadePictures>();
  for (const [i, { cellKey }] of batch.items.entries()) {
    const tensor = tensors.get(cellKey);
    if (!tensor) continue;
    const output = outputOf(resultsDir, tensor, length);
    pictures.set(cellKey, {
      truth: await writeImage(resultsDir, keep(ofImage(truth, i), imageShape), media, truth.words?.[i]),
      given: await writeGiven(resultsDir, given, i),
      result: output && (await writeImage(resultsDir, keep(output, imageShape), media)),
    });
  }
  return pictures;
}

async function valuesByRole(
  batch: Batch,
  task: Task,
  dataset: Dataset,
  items: readonly DatasetItem[],
): Promise<{ given: Drawn | null; truth: Drawn }> {
  tf.engine().startScope();
  try {
    const posed = await poseBatch(batch, task, dataset, items);
    return { given: await drawnGiven(task, posed.given), truth: await drawnTruth(posed) };
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
