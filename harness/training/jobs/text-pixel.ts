import { join } from 'node:path';
import type { Device } from '../../engine/device.ts';
import { clipTextConfigSchema } from '../../networks/clip-text-config.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { unetConfigSchema } from '../../networks/unet-config.ts';
import { openWordTokenizer } from '../../networks/word-tokenizer.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../priors/schedule.ts';
import type { TextPixelTraining } from '../config.ts';
import { TEXT, textDiffusionObjective, UNET } from '../text-diffusion.ts';
import { TrainingPictures } from '../toyfaces.ts';
import { type Job, jobOf } from './job.ts';

export function textPixelJob(device: Device, config: TextPixelTraining): Job {
  const { model } = config;
  const networks = {
    unet: readConfigFile(join(model, 'unet/config.json'), unetConfigSchema),
    text: readConfigFile(join(model, 'text_encoder/config.json'), clipTextConfigSchema),
  };
  const schedule = scheduleFromConfig(
    readConfigFile(join(model, 'scheduler/scheduler_config.json'), schedulerConfigSchema),
  );
  const size = networks.unet.sample_size!;
  const pictures = new TrainingPictures(size);
  const set = {
    shape: [3, size, size],
    batch(indices: readonly number[]) {
      const { pixels, captions } = pictures.batch(indices);
      return { values: pixels, captions };
    },
  };
  const tokenizer = openWordTokenizer(join(model, 'tokenizer'));
  return jobOf(device, textDiffusionObjective(networks, tokenizer, schedule, set, config), {
    places: [
      { file: 'unet/diffusion_pytorch_model.safetensors', prefix: UNET },
      { file: 'text_encoder/model.safetensors', prefix: TEXT },
    ],
    finish: async ({ step }) => ({ steps: step }),
  });
}
