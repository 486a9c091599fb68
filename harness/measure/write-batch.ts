import type { Dataset, DatasetItem } from '../data/dataset.ts';
import { tf } from '../engine/tf.ts';
import type { Batch, DataRef, PlannedItem } from '../identity/refs.ts';
import type { Entry } from '../measured/manifest.ts';
import { entryName, settingFolder } from '../measured/names.ts';
import { npyBytes, type WritableArray } from '../npy.ts';
import { mediaForms } from '../pictures/media.ts';
import { pngBytes } from '../pictures/picture-file.ts';
import type { Task } from '../tasks/task.ts';
import {
  drawnGiven,
  loadItems,
  ofImage,
  pictureOfGiven,
  poseBatch,
  resultMedia,
  type Values,
  type ValuesByName,
  valuesByName,
  valuesOf,
} from '../worker/batch.ts';
import { type Said, sayGiven } from './given.ts';
import type { MeasurementFolder, Written } from './journal.ts';

/** Where names of a plan lead. */
export interface Sources {
  task(name: string): Task;
  dataset(data: DataRef): Dataset;
}

/** What an entry says before anything is measured. */
export function factsOf({ setting, rng }: Batch, { id, sha256, seed }: PlannedItem) {
  const { key, kind, task, version, params, data, imageShape } = setting;
  return {
    name: entryName(setting, seed, id),
    setting: key,
    kind,
    task,
    version,
    parameters: params,
    data: data.name,
    imageShape: [...imageShape] as [number, number, number],
    id,
    seed,
    rng,
    pixels: sha256,
  };
}

/** A batch's problem on the host. */
interface Measured extends Pick<Said, 'sigma' | 'noise' | 'operator' | 'words'> {
  readonly y: Values | null;
  readonly picture: Values | null;
  readonly truth: Values;
  readonly drawn: ValuesByName;
  readonly shared: ValuesByName;
  readonly truths: ValuesByName;
}

/**
 * Measures a batch as the plan composed it, so that its numbers are a run's to the last bit, and writes the files of some
 * of its items.
 */
export async function writeBatch(
  batch: Batch,
  wanted: Batch['items'],
  folder: MeasurementFolder,
  sources: Sources,
): Promise<Written[]> {
  const { setting } = batch;
  const task = sources.task(setting.task);
  const dataset = sources.dataset(setting.data);
  const items = await loadItems(batch, dataset);
  const measured = await measureBatch(batch, task, dataset, items);
  const { sigma, noise, operator, words, y, picture, truth } = measured;
  const { keep } = mediaForms[resultMedia(task)];
  const shared = asFiles(measured.shared, (what) => `arrays/${settingFolder(setting)}/${what}.npy`);
  const sharedHashes = folder.write(shared.files);

  const written: Written[] = [];
  for (const [i, item] of items.entries()) {
    const planned = batch.items[i]!;
    if (!wanted.includes(planned)) continue;
    const facts = factsOf(batch, planned);
    const { name } = facts;
    const drawn = asFiles(ofOne(measured.drawn, i), (what) => `arrays/${name}.${what}.npy`);
    const found = asFiles(ofOne(measured.truths, i), (what) => `truths/${name}.${what}.npy`);
    const caption = await dataset.caption?.(item.id);
    const entry: Entry = {
      ...facts,
      ...(caption !== undefined && { caption }),
      sigma,
      noise,
      operator,
      y: y && `measurements/${name}.npy`,
      picture: picture && `measurements/${name}.png`,
      ...(words && { words: mapped(words, (each) => each[i]!) }),
      arrays: { ...shared.paths, ...drawn.paths },
      truth: `truths/${name}.png`,
      truths: found.paths,
    };
    const hashes = folder.write({
      ...(y && { [entry.y!]: npyBytes(imageOf(y, i)) }),
      ...(picture && { [entry.picture!]: await pngBytes(pictureOfGiven(picture, i)) }),
      [entry.truth]: await pngBytes(keep(ofImage(truth, i), setting.imageShape)),
      ...drawn.files,
      ...found.files,
    });
    written.push({ entry, sha256: { ...sharedHashes, ...hashes } });
  }
  return written;
}

async function measureBatch(
  batch: Batch,
  task: Task,
  dataset: Dataset,
  items: readonly DatasetItem[],
): Promise<Measured> {
  tf.engine().startScope();
  try {
    const { given, truth, truths } = await poseBatch(batch, task, dataset, items);
    const { y, drawn, shared, ...said } = await sayGiven(task.kind, given);
    return {
      ...said,
      y: y && (await valuesOf(y)),
      picture: await drawnGiven(task, given),
      truth: await valuesOf(truth),
      drawn: await valuesByName(drawn),
      shared: await valuesByName(shared),
      truths: await valuesByName(truths ?? {}),
    };
  } finally {
    tf.engine().endScope();
  }
}

/** One image's part of what a batch has. */
function ofOne(of: ValuesByName, i: number): Readonly<Record<string, WritableArray>> {
  return mapped(of, (values) => imageOf(values, i));
}

function mapped<A, B>(of: Readonly<Record<string, A>>, to: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(of).map(([what, value]) => [what, to(value)]));
}

function imageOf(values: Values, i: number): WritableArray {
  return { shape: values.shape.slice(1), data: ofImage(values, i) };
}

/** Arrays as .npy files, and the path of each by its name. */
function asFiles(arrays: Readonly<Record<string, WritableArray>>, pathOf: (what: string) => string) {
  const paths: Record<string, string> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [what, array] of Object.entries(arrays)) {
    paths[what] = pathOf(what);
    files[paths[what]] = npyBytes(array);
  }
  return { paths, files };
}
