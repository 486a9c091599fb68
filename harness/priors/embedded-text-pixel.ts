import { join } from 'node:path';
import { z } from 'zod';
import { clipTextParameterShapes } from '../networks/clip-text.ts';
import { refuseOtherWeights } from '../networks/load-weights.ts';
import { unetParameterShapes } from '../networks/unet2d-condition.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import { definePrior } from './prior-kind.ts';
import { openTextPixel } from './text-pixel.ts';
import { hashTextPixelFolder, readTextPixelFolder } from './text-pixel-folder.ts';

/** The committed model's folder. */
export const TEXT_PIXEL_FOLDER: string = join(PACKAGE_ROOT, 'harness/priors/embedded-text-pixel');

export default definePrior({
  name: 'embedded-text-pixel',
  version: 1,
  description:
    'small text-conditioned pixel model of toyfaces at 32x32, with a CLIP of noised pictures, part of the package; a toy',
  params: z.strictObject({}),
  async inspect() {
    const { imageShape, schedule, tokenizer, noisedClip, ...model } = readTextPixelFolder(TEXT_PIXEL_FOLDER);
    refuseOtherWeights(model.files.unet, { specs: unetParameterShapes(model.unet) });
    refuseOtherWeights(model.files.textEncoder, { specs: clipTextParameterShapes(model.textEncoder) });
    return {
      imageShape,
      weightsSha256: hashTextPixelFolder(TEXT_PIXEL_FOLDER),
      toy: true,
      trainedOn: { set: 'toyfaces', split: 'train' },
      schedule,
      parts: ['pixels', 'text', ...(noisedClip === null ? [] : (['noisedClip'] as const))],
      tokenizer: () => tokenizer,
    };
  },
  open: async (_params, makeConstant) =>
    openTextPixel(TEXT_PIXEL_FOLDER, 'embedded-text-pixel', makeConstant),
});
