import type { Device } from '../engine/device.ts';
import { normals } from '../engine/random.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipConfig } from '../networks/clip-config.ts';
import { readClipFolder } from '../networks/clip-folder.ts';
import { clipImageFeatures, clipParameterShapes, clipTextFeatures } from '../networks/clip-model.ts';
import { clipPixels } from '../networks/clip-pixels.ts';
import { loadWeights } from '../networks/load-weights.ts';
import { noisedClipShapes, noisedImageFeatures } from '../networks/noised-clip.ts';
import type { ParamSpec } from '../networks/parameter-shapes.ts';
import type { NetworkParams } from '../networks/params.ts';
import { batchesOf } from './card/pictures.ts';
import type { ClipTowers } from './clip-accuracy.ts';
import { unitRows } from './info-nce.ts';

const BATCH = 50;

/** Features of pictures [B,3,side,side] with alpha-bar [B], 1 where they have no noise. */
type ImageTower = (params: NetworkParams, config: ClipConfig, x: Tensor, alphaBar: Tensor) => Tensor;

interface OpenTowers extends Omit<ClipTowers, 'images'> {
  images(pixels: Float32Array, count: number, alphaBar?: number): Promise<Float32Array>;
  dispose(): void;
}

/** The towers of a trained CLIP. */
export function openTowers(device: Device, folder: string): OpenTowers {
  return towersOf(device, folder, clipParameterShapes, (params, { vision_config }, x) =>
    clipImageFeatures(params, vision_config, clipPixels(x)),
  );
}

/** Those of a CLIP of noised pictures; `at` a level of noise each picture has noise of its own. */
export function openNoisedTowers(device: Device, folder: string) {
  const towers = towersOf(device, folder, noisedClipShapes, noisedImageFeatures);
  return {
    ...towers,
    at: (alphaBar: number): Pick<ClipTowers, 'images'> => ({
      images(pixels, count) {
        const noise = normals({ seed: 0, role: 'sample', image: 'noise', draw: 0 }, pixels.length);
        const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
        const noised = pixels.map((value, i) => signal * value + spread * noise[i]!);
        return towers.images(noised, count, alphaBar);
      },
    }),
  };
}

function towersOf(
  device: Device,
  folder: string,
  shapes: (config: ClipConfig) => readonly ParamSpec[],
  tower: ImageTower,
): OpenTowers {
  const { config, tokenizer, weights } = readClipFolder(folder);
  const { params, dispose } = loadWeights(weights, shapes(config), device.constant);
  const { projection_dim: width, vision_config } = config;
  const side = vision_config.image_size;
  const size = 3 * side * side;
  const ofImages = device.compile(({ x, alphaBar }: { x: Tensor; alphaBar: Tensor }) =>
    unitRows(tower(params, config, x, alphaBar)),
  );
  const ofTexts = device.compile(({ ids }: { ids: Tensor }) =>
    unitRows(clipTextFeatures(params, config, ids)),
  );
  return {
    side,
    async images(pixels, count, alphaBar = 1) {
      const rows = new Float32Array(count * width);
      for (const [first, length] of batchesOf(count, BATCH)) {
        const values = pixels.subarray(first * size, (first + length) * size);
        const x = tf.tensor(values, [length, 3, side, side]);
        const kept = tf.fill([length], alphaBar);
        const unit = await ofImages({ x, alphaBar: kept });
        rows.set(await unit.data(), first * width);
        tf.dispose([x, kept, unit]);
      }
      return rows;
    },
    async texts(captions) {
      const rows = new Float32Array(captions.length * width);
      for (const [first, length] of batchesOf(captions.length, BATCH)) {
        const encoded = tokenizer.encode(captions.slice(first, first + length));
        const ids = tf.tensor(encoded, [length, tokenizer.length], 'int32');
        const unit = await ofTexts({ ids });
        rows.set(await unit.data(), first * width);
        tf.dispose([ids, unit]);
      }
      return rows;
    },
    dispose,
  };
}
