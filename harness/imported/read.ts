import { readFileSync } from 'node:fs';
import { type Tensor, tf } from '../engine/tf.ts';
import { fromImage8 } from '../pictures/image8.ts';
import { mediaForms } from '../pictures/media.ts';
import { openPicture } from '../pictures/picture-content.ts';
import { decodeAsPillow } from '../pictures/pillow-picture.ts';
import type { Answer, Kind } from '../tasks/kinds.ts';
import type { ImageShape } from '../tasks/task.ts';
import { readArray } from './forms.ts';
import { type ImportedAnswer, type ImportedFile, sha256Of } from './match.ts';

/**
 * The answers of a batch, as a method of that kind gives them.
 * @throws Error for a file that is not what it was when it was matched
 */
export async function readAnswers(
  kind: Kind,
  found: readonly ImportedAnswer[],
  imageShape: ImageShape,
): Promise<Answer<Kind>> {
  if (kind === 'segment') return { labels: await stacked(found, (one) => labelsOf(one, imageShape)) };
  const x = await stacked(found, (one) => pictureOf(one, imageShape));
  return kind === 'blind'
    ? { x, kernel: await stacked(found, async ({ beside }) => kernelOf(beside.kernel!)) }
    : x;
}

async function stacked(
  found: readonly ImportedAnswer[],
  read: (one: ImportedAnswer) => Promise<Tensor>,
): Promise<Tensor> {
  const parts: Tensor[] = [];
  for (const one of found) parts.push(await read(one));
  const together = tf.stack(parts);
  tf.dispose(parts);
  return together;
}

/** [C,H,W] in [-1,1]. */
async function pictureOf(one: ImportedFile, imageShape: ImageShape): Promise<Tensor> {
  const { file } = unchanged(one);
  const values = file.endsWith('.npy')
    ? Float32Array.from(readArray(file).data)
    : fromImage8(await decodeAsPillow(await openPicture(file)));
  return tf.tensor3d(values, [...imageShape]);
}

/** [H,W], int32. A grey picture has its index in each of three channels. */
async function labelsOf(one: ImportedFile, imageShape: ImageShape): Promise<Tensor> {
  const { channels, data } = await decodeAsPillow(await openPicture(unchanged(one).file));
  const labels = Int32Array.from({ length: data.length / channels }, (_, i) => data[i * channels]!);
  return tf.tensor(labels, [...mediaForms.labels.shape(imageShape)], 'int32');
}

/** [1,k,k]. */
function kernelOf(one: ImportedFile): Tensor {
  const { shape, data } = readArray(unchanged(one).file);
  return tf.tensor(Float32Array.from(data), [...shape]);
}

function unchanged(one: ImportedFile): ImportedFile {
  if (sha256Of(readFileSync(one.file)) !== one.sha256)
    throw new Error(`${one.file} has changed since the plan was made`);
  return one;
}
