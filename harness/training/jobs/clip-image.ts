import { join } from 'node:path';
import { captionOf, SPLITS, sample } from '../../../datasets/toyfaces/index.ts';
import type { Device } from '../../engine/device.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { readClipFolder } from '../../networks/clip-folder.ts';
import { clipImageParameterShapes } from '../../networks/clip-model.ts';
import { clipTextParameterShapes } from '../../networks/clip-text.ts';
import type { ClipTextConfig } from '../../networks/clip-text-config.ts';
import { loadPartOfWeights, loadWeights } from '../../networks/load-weights.ts';
import { TensorFiles } from '../../networks/tensor-files.ts';
import { openClipImage } from '../../priors/clip-image.ts';
import { batchesOf, range } from '../card/pictures.ts';
import { askedOf, type ClipTowers, clipAccuracy } from '../clip-accuracy.ts';
import { clipImageObjective, type FrozenTowers, meanTokens, VISUAL_PROJECTION } from '../clip-image.ts';
import type { ClipImageTraining } from '../config.ts';
import { unitRows } from '../info-nce.ts';
import type { KeptTensor } from '../weights.ts';
import { type Job, jobOf } from './job.ts';

/** Of the text encoder below a prior's folder. */
const TEXT_WEIGHTS = 'text_encoder/model.safetensors';

export function clipImageJob(device: Device, config: ClipImageTraining): Job {
  const { tokenizer, config: clip } = readClipFolder(config.model);
  const tower = readClipFolder(config.tower);
  const specs = clipImageParameterShapes({
    ...tower.config.vision_config,
    projection_dim: tower.config.projection_dim,
  }).filter(({ name }) => !name.startsWith(VISUAL_PROJECTION));
  const text = textTower(device, clip.text_config, config.prior);
  const vision = {
    config: tower.config.vision_config,
    params: loadPartOfWeights(tower.weights, specs, device.constant).params,
  };
  const files = new TensorFiles(tower.weights);
  const kept = specs.map(
    (spec): KeptTensor => ({ ...spec, data: files.file(spec.name).readFloat32(spec.name) }),
  );
  files.close();
  return jobOf(device, clipImageObjective({ vision, text }, tokenizer, config), {
    places: [{ file: 'model.safetensors', prefix: '', kept }],
    finish: () => measureClipImage(device, config.model, config.prior),
  });
}

function textTower(device: Device, config: ClipTextConfig, prior: string): FrozenTowers['text'] {
  const weights = join(prior, TEXT_WEIGHTS);
  return { config, params: loadWeights(weights, clipTextParameterShapes(config), device.constant).params };
}

/** Captions whose mean stands for what all say. */
const MEAN_OF = 1000;
const BATCH = 100;

/** What its card says: `clipAccuracy` of directions among the means over a caption's tokens, less that over many captions. */
export async function measureClipImage(
  device: Device,
  folder: string,
  prior: string,
): Promise<Record<string, number>> {
  const { config, tokenizer } = readClipFolder(folder);
  const text = textTower(device, config.text_config, prior);
  const width = text.config.hidden_size;
  const { clipImage, dispose } = openClipImage(folder, width, device.constant);
  const { side } = clipImage;
  const inBatches = async (
    count: number,
    rowsOf: (first: number, length: number) => Promise<Tensor>,
  ): Promise<Float32Array> => {
    const rows = new Float32Array(count * width);
    for (const [first, length] of batchesOf(count, BATCH)) {
      const some = await rowsOf(first, length);
      rows.set(await some.data(), first * width);
      some.dispose();
    }
    return rows;
  };
  const meansOf = device.compile(({ ids }: { ids: Tensor }) => meanTokens(text, ids));
  const means = (captions: readonly string[]): Promise<Float32Array> =>
    inBatches(captions.length, (first, length) => {
      const ids = tokenizer.encode(captions.slice(first, first + length));
      return meansOf({ ids: tf.tensor(ids, [length, tokenizer.length], 'int32') });
    });
  const many = await means(range(MEAN_OF).map((i) => captionOf(sample(SPLITS.train.seed, i).attributes)));
  const centre = range(width).map((k) => {
    const column = range(MEAN_OF).map((i) => many[i * width + k]!);
    return column.reduce((a, b) => a + b, 0) / MEAN_OF;
  });
  const featuresOf = device.compile(({ x }: { x: Tensor }) => unitRows(clipImage.features(x)));
  const towers: ClipTowers = {
    side,
    images: (pixels, count) =>
      inBatches(count, (first, length) => {
        const size = 3 * side * side;
        const values = pixels.subarray(first * size, (first + length) * size);
        return featuresOf({ x: tf.tensor(values, [length, 3, side, side]) });
      }),
    texts: async (captions) =>
      inUnits(
        (await means(captions)).map((value, i) => value - centre[i % width]!),
        width,
      ),
  };
  const measured = await clipAccuracy(towers, await askedOf(towers));
  dispose();
  return measured;
}

function inUnits(rows: Float32Array, width: number): Float32Array {
  return rows.map((value, i) => {
    const first = i - (i % width);
    return value / Math.hypot(...rows.subarray(first, first + width));
  });
}
