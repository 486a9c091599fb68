import type { Device } from '../../engine/device.ts';
import { ADM_FOLDER, readAdmConfig } from '../../priors/adm-folder.ts';
import { ADM_BETAS } from '../../priors/guided-diffusion.ts';
import type { PixelDiffusionTraining } from '../config.ts';
import { pixelDiffusionObjective } from '../pixel-diffusion.ts';
import { type Job, jobOf } from './job.ts';

export function pixelDiffusionJob(device: Device, config: PixelDiffusionTraining): Job {
  const objective = pixelDiffusionObjective(readAdmConfig(config.model), ADM_BETAS, config);
  return jobOf(device, objective, {
    places: [{ file: ADM_FOLDER.weights, prefix: '' }],
    finish: async ({ step }) => ({ steps: step }),
  });
}
