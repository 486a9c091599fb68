import { openDataset } from '../data/index.ts';
import { openDevice } from '../engine/device.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { CellGroup } from '../identity/refs.ts';
import { toImage8 } from '../pictures/image8.ts';
import type { StoredImage } from '../store/records.ts';
import { tasks } from '../tasks/index.ts';
import { measure } from '../tasks/measure.ts';
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

/** The pictures of one cell. */
export interface CellPictures {
  readonly truth: StoredImage;
  readonly measurement: StoredImage;
  /** null where the tensor is missing or damaged. */
  readonly restored: StoredImage | null;
}

/** Cells of one batch, by their keys. */
export interface StoredBatch {
  readonly group: CellGroup;
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
): AsyncGenerator<{ group: CellGroup; pictures: ReadonlyMap<string, CellPictures> }> {
  if (batches.length === 0) return;
  const device = await openDevice('cpu');
  try {
    for (const batch of batches) yield { group: batch.group, pictures: await remakeBatch(batch, resultsDir) };
  } finally {
    await device.dispose();
  }
}

async function remakeBatch(
  { group, tensors }: StoredBatch,
  resultsDir: string,
): Promise<Map<string, CellPictures>> {
  const items = await loadItems(group, openDataset(datasetSpec(group.data)));
  const measurement = await measureAll(group, concatenate(items.map(({ image }) => image)));
  const pictures = new Map<string, CellPictures>();
  for (const [i, { cellKey }] of group.items.entries()) {
    const tensor = tensors.get(cellKey);
    if (!tensor) continue;
    const output = outputOf(resultsDir, tensor, items[i]!.image.length);
    pictures.set(cellKey, {
      truth: await writeImage(resultsDir, toImage8(items[i]!.image, group.imageShape)),
      measurement: await writeMeasurement(resultsDir, measurement, i),
      restored: output && (await writeImage(resultsDir, toImage8(output, group.imageShape))),
    });
  }
  return pictures;
}

async function measureAll(group: CellGroup, truth: Float32Array): Promise<Measurement> {
  const ids = group.items.map(({ id }) => id);
  tf.engine().startScope();
  try {
    const images = tf.tensor(truth, [ids.length, ...group.imageShape]);
    const streams = new BatchStreams(group.seed, ids, group.rng);
    const { y } = measure(named(tasks, group.task), group.taskParams, images, streams);
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
