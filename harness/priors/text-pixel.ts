/** A text-conditioned diffusion model of pixels, from a folder in diffusers' layout. */
import { type Tensor, tf } from '../engine/tf.ts';
import { readClipFolder } from '../networks/clip-folder.ts';
import { clipTextFeatures } from '../networks/clip-model.ts';
import { clipText, clipTextParameterShapes, embedTokens } from '../networks/clip-text.ts';
import { loadWeights, type MakeConstant } from '../networks/load-weights.ts';
import { noisedClipShapes, noisedImageFeatures } from '../networks/noised-clip.ts';
import { unet2dCondition, unetParameterShapes } from '../networks/unet2d-condition.ts';
import { discreteSchedule } from './ddim.ts';
import type { NoisedClip, PriorWith } from './prior.ts';
import type { NoiseSchedule } from './schedule.ts';
import { readTextPixelFolder } from './text-pixel-folder.ts';

/** Loads it. Without embeddings `predict` takes those of the empty prompt. Throws UserError. */
export function openTextPixel(
  folder: string,
  name: string,
  makeConstant: MakeConstant,
): PriorWith<'pixels' | 'text'> {
  const model = readTextPixelFolder(folder);
  const { schedule, tokenizer, imageShape, files } = model;
  const unet = loadWeights(files.unet, unetParameterShapes(model.unet), makeConstant);
  const text = loadWeights(files.textEncoder, clipTextParameterShapes(model.textEncoder), makeConstant);
  const clip =
    model.noisedClip === null ? null : openNoisedClip(model.noisedClip, { schedule, makeConstant });
  const embed = (prompts: readonly string[]): Tensor => {
    const ids = tf.tensor2d(tokenizer.encode(prompts), [prompts.length, tokenizer.length], 'int32');
    return clipText(text.params, model.textEncoder, embedTokens(text.params, ids));
  };
  const empty = (count: number): Tensor => tf.tile(embed(['']), [count, 1, 1]);
  return {
    name,
    imageShape,
    shape: imageShape,
    schedule: discreteSchedule(schedule),
    predicts: schedule.predictionType === 'v_prediction' ? 'v' : 'noise',
    predict: (x, t, c) => ({
      value: unet2dCondition(unet.params, model.unet, x, t, c ?? empty(x.shape[0]!)),
    }),
    text: { embed },
    ...(clip && { noisedClip: clip.noisedClip }),
    dispose() {
      for (const weights of [unet, text, clip]) weights?.dispose();
    },
  };
}

function openNoisedClip(
  folder: string,
  { schedule, makeConstant }: { schedule: NoiseSchedule; makeConstant: MakeConstant },
): { noisedClip: NoisedClip; dispose(): void } {
  const { config, tokenizer, weights } = readClipFolder(folder);
  const { params, dispose } = loadWeights(weights, noisedClipShapes(config), makeConstant);
  return {
    noisedClip: {
      imageFeatures(x, t) {
        const alphaBars = tf.tensor1d(Float32Array.from(schedule.alphasCumprod));
        return noisedImageFeatures(params, config, x, tf.gather(alphaBars, tf.cast(t, 'int32')));
      },
      textFeatures(prompts) {
        const ids = tf.tensor2d(tokenizer.encode(prompts), [prompts.length, tokenizer.length], 'int32');
        return clipTextFeatures(params, config, ids);
      },
      get scale() {
        return tf.exp(params.get('logit_scale'));
      },
    },
    dispose,
  };
}
