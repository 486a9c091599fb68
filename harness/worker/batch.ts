import type { Dataset, DatasetItem } from '../data/dataset.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Batch } from '../identity/refs.ts';
import type { Image8 } from '../pictures/image8.ts';
import { type Media, mediaForms } from '../pictures/media.ts';
import type { StoredImage } from '../store/records.ts';
import type { Given, Kind } from '../tasks/kinds.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { Posed, Task } from '../tasks/task.ts';
import { writeImage } from './files.ts';
import { BatchStreams } from './streams.ts';

/** A batch's pictures, and the problem that its task poses on them. */
export interface PosedBatch<K extends Kind> extends Posed<K> {
  readonly streams: BatchStreams;
}

/** The pictures that a batch names. Throws where one is not what was planned. */
export async function loadItems(
  { setting, items: planned }: Pick<Batch, 'setting' | 'items'>,
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

/** Poses a batch's problem, the same whenever it is posed. Its tensors are the scope's. */
export async function poseBatch<K extends Kind>(
  { setting, rng, items: planned }: Pick<Batch, 'setting' | 'rng' | 'items'>,
  task: Task<K>,
  dataset: Dataset,
  items: readonly DatasetItem[],
): Promise<PosedBatch<K>> {
  const ids = items.map(({ id }) => id);
  const seeds = planned.map(({ seed }) => seed);
  const streams = new BatchStreams(seeds, ids, rng);
  const x = tf.tensor(concatenate(items.map(({ image }) => image)), [items.length, ...setting.imageShape]);
  return { streams, ...(await task.pose({ x, ids, dataset }, setting.params, streams)) };
}

/** What a batch has in one role, on the host. */
export interface Values {
  readonly data: Float32Array | Int32Array;
  /** [B,...]. */
  readonly shape: readonly number[];
}

export async function valuesOf(tensor: Tensor): Promise<Values> {
  return { data: (await tensor.data()) as Values['data'], shape: tensor.shape };
}

export type ValuesByName = Readonly<Record<string, Values>>;

export async function valuesByName(tensors: Readonly<Record<string, Tensor>>): Promise<ValuesByName> {
  const entries = Object.entries(tensors).map(
    async ([name, tensor]) => [name, await valuesOf(tensor)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

export function ofImage({ data, shape: [batch] }: Values, i: number): Values['data'] {
  const size = data.length / batch!;
  return data.subarray(i * size, (i + 1) * size);
}

/** Values that are drawn as pictures, with what they show in words where that is said. */
export interface Drawn extends Values {
  readonly words?: readonly string[] | undefined;
}

/** Of what a task gives its methods; null: it gives no pictures. */
export async function drawnGiven<K extends Kind>(
  { kind }: Pick<Task<K>, 'kind'>,
  given: Given[K],
): Promise<Drawn | null> {
  const { givenOf, wordsOf } = rolesOf(kind);
  const pictures = givenOf(given);
  return pictures && { ...(await valuesOf(pictures)), words: wordsOf?.(given) };
}

/** Of what results are compared with. */
export async function drawnTruth({ truth, wanted }: Pick<Posed<Kind>, 'truth' | 'wanted'>): Promise<Drawn> {
  return { ...(await valuesOf(truth)), words: wanted?.captions };
}

/** Writes what a task gives its methods for an image, which is a picture of its own size; null where it gives none. */
export async function writeGiven(
  resultsDir: string,
  given: Drawn | null,
  i: number,
): Promise<StoredImage | null> {
  return given && writeImage(resultsDir, pictureOfGiven(given, i), 'picture', given.words?.[i]);
}

/** What a task gives its methods for an image, drawn. */
export function pictureOfGiven(given: Values, i: number): Image8 {
  const [, channels, height, width] = given.shape;
  if (given.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new Error(
      `a measurement of shape [${given.shape}] is not a picture: expected [B,1,h,w] or [B,3,h,w]`,
    );
  }
  return mediaForms.picture.keep(ofImage(given, i), [channels, height!, width!]);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** The medium of what methods find on a task, and of its truth. */
export function resultMedia(task: Pick<Task, 'kind'>): Media {
  return rolesOf(task.kind).result;
}
