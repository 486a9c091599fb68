import type { Dataset, DatasetItem } from '../data/dataset.ts';
import { openDataset } from '../data/index.ts';
import { openDevice } from '../engine/device.ts';
import { tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { CellGroup } from '../identity/refs.ts';
import { mediaForms } from '../pictures/media.ts';
import type { StoredImage } from '../store/records.ts';
import { tasks } from '../tasks/index.ts';
import { rolesOf } from '../tasks/kinds.ts';
import type { Task } from '../tasks/task.ts';
import { loadItems, ofImage, poseBatch, resultMedia, type Values, valuesOf, writeGiven } from './batch.ts';
import { readTensor, writeImage } from './files.ts';
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
  const task = named(tasks, group.task);
  const dataset = openDataset(datasetSpec(group.data));
  const items = await loadItems(group, dataset);
  const { given, truth } = await valuesByRole(group, task, dataset, items);
  const media = resultMedia(task);
  const { keep, shape } = mediaForms[media];
  const { imageShape } = group;
  const length = shape(imageShape).reduce((product, n) => product * n, 1);
  const pictures = new Map<string, CellPictures>();
  for (const [i, { cellKey }] of group.items.entries()) {
    const tensor = tensors.get(cellKey);
    if (!tensor) continue;
    const output = outputOf(resultsDir, tensor, length);
    pictures.set(cellKey, {
      truth: await writeImage(resultsDir, keep(ofImage(truth, i), imageShape), media),
      measurement: await writeGiven(resultsDir, given, i),
      restored: output && (await writeImage(resultsDir, keep(output, imageShape), media)),
    });
  }
  return pictures;
}

async function valuesByRole(
  group: CellGroup,
  task: Task,
  dataset: Dataset,
  items: readonly DatasetItem[],
): Promise<Record<'given' | 'truth', Values>> {
  tf.engine().startScope();
  try {
    const { given, truth } = await poseBatch(group, task, dataset, items);
    return { given: await valuesOf(rolesOf(task.kind).givenOf(given)), truth: await valuesOf(truth) };
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
