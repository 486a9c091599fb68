import type { Device } from '../../engine/device.ts';
import { readTextPixelFolder, TEXT_PIXEL_FILES } from '../../priors/text-pixel-folder.ts';
import type { TextPixelTraining } from '../config.ts';
import { type DiffusedSet, TEXT, textDiffusionObjective, UNET } from '../text-diffusion.ts';
import { TrainingPictures } from '../toyfaces.ts';
import { type Job, jobOf } from './job.ts';

export function textPixelJob(device: Device, config: TextPixelTraining): Job {
  const { unet, textEncoder: text, schedule, tokenizer, imageShape } = readTextPixelFolder(config.model);
  const pictures = new TrainingPictures(imageShape[1]);
  const set: DiffusedSet = {
    shape: imageShape,
    batch(indices) {
      const { pixels: values, captions } = pictures.batch(indices);
      return { values, captions };
    },
  };
  return jobOf(device, textDiffusionObjective({ unet, text }, tokenizer, schedule, set, config), {
    places: [
      { file: TEXT_PIXEL_FILES.unet, prefix: UNET },
      { file: TEXT_PIXEL_FILES.textEncoder, prefix: TEXT },
    ],
    finish: async ({ step }) => ({ steps: step }),
  });
}
