import { type Tensor, tf } from '../engine/tf.ts';
import { type ClipFolder, clipFolderFiles, readClipFolder } from '../networks/clip-folder.ts';
import { clipImageFeatures, clipParameterShapes, clipTextFeatures, cosines } from '../networks/clip-model.ts';
import { loadWeights } from '../networks/load-weights.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { clipInput } from './clip-input.ts';
import type { CaptionMetric, NetworkDevice, OpenCaptionMetric } from './network-metric.ts';

/** The picture is enlarged until its shorter side is the model's: a thread of pixels would fill the memory. */
const LONGEST = 100;

export function refusesThreads({ width, height }: PictureSize): string | null {
  if (Math.max(width, height) <= LONGEST * Math.min(width, height)) return null;
  return `${width}x${height} is too long; expected at most ${LONGEST} times as long as wide`;
}

/** What every CLIP is asked alike. */
export const CLIP_PROTOCOL = {
  input: 'uint8 RGB',
  resize: "shorter side to the model's, 8-bit Pillow bicubic, middle square",
  range: "byte / 255, CLIP's mean and deviation",
  text: 'the caption alone',
  scale: '100 max(cosine, 0), as torchmetrics',
  aggregation: 'per image',
} as const;

/**
 * CLIPScore of a picture and its caption: 100 max(cos(picture, text), 0), scaled as in torchmetrics (Hessel et al. 2021,
 * equation 1, have 2.5 in the place of 100 and "A photo depicts" before the caption).
 * @param model name of the weights: a CLIPModel's folder in transformers' layout
 */
export function clipScoreMetric(name: string, model: string): CaptionMetric {
  return {
    name,
    title: name.replace('clip', 'CLIP'),
    version: 1,
    of: 'picture',
    against: 'caption',
    level: 'image',
    by: 'network',
    better: 'higher',
    digits: 2,
    weights: [{ name: model, files: clipFolderFiles }],
    refuses: refusesThreads,
    protocol: (sha256) => ({ ...CLIP_PROTOCOL, backbone: model, weights: `sha256 ${sha256[model]}` }),
    open: async (paths, device) => openClipScore(readClipFolder(paths[model]!), device),
  };
}

export function openClipScore(
  { config, tokenizer, weights }: ClipFolder,
  device: NetworkDevice,
): OpenCaptionMetric {
  const { params, dispose } = loadWeights(weights, clipParameterShapes(config), device.constant);
  const side = config.vision_config.image_size;
  const agreement = device.compile(({ pixels, ids }: { pixels: Tensor; ids: Tensor }) =>
    cosines(clipImageFeatures(params, config.vision_config, pixels), clipTextFeatures(params, config, ids)),
  );
  return {
    async scores(restored, captions) {
      const count = restored.length;
      const values = new Float32Array(count * 3 * side * side);
      for (const [i, image] of restored.entries()) values.set(clipInput(image, side), i * 3 * side * side);
      const pixels = tf.tensor(values, [count, 3, side, side]);
      const ids = tf.tensor2d(tokenizer.encode(captions), [count, tokenizer.length], 'int32');
      const result = await agreement({ pixels, ids });
      const scores = Array.from(await result.data(), (cosine) => 100 * Math.max(cosine, 0));
      tf.dispose([pixels, ids, result]);
      return scores;
    },
    dispose,
  };
}
