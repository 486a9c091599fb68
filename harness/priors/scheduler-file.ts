import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseConfig, readJson } from '../networks/config-file.ts';
import { type NoiseSchedule, scheduleFromConfig, schedulerConfigSchema } from './schedule.ts';

/** diffusers' schedulers of a discrete schedule of betas: what they say of it, DDIM reads as they do. */
const DISCRETE = [
  'DDIMScheduler',
  'PNDMScheduler',
  'DDIMParallelScheduler',
  'DDPMScheduler',
  'DDPMParallelScheduler',
  'DEISMultistepScheduler',
  'DPMSolverMultistepScheduler',
  'DPMSolverSDEScheduler',
  'DPMSolverSinglestepScheduler',
  'EulerAncestralDiscreteScheduler',
  'EulerDiscreteScheduler',
  'HeunDiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
  'KDPM2DiscreteScheduler',
  'LMSDiscreteScheduler',
  'UniPCMultistepScheduler',
] as const;
/** Those that need no word of the person: the same sampler, and the one that Stable Diffusion is published with. */
const ASSUMED: readonly string[] = ['DDIMScheduler', 'PNDMScheduler'];

const headSchema = z.looseObject({
  _class_name: z.enum(DISCRETE).default('DDIMScheduler'),
  clip_sample: z.unknown().optional(),
});

/**
 * The noise schedule of a scheduler_config.json, on DDIM's time grid.
 * @param sampler `ddim`: another scheduler's file is read as diffusers' DDIMScheduler.from_config reads it, with DDIM's
 *   defaults; keys that DDIM does not have are passed over
 * @throws UserError for another scheduler without that word, and for what would change the sampler and is not implemented
 */
export function readSchedule(path: string, sampler?: 'ddim'): NoiseSchedule {
  const json = readJson(path);
  const { _class_name: name, clip_sample: clip } = parseConfig(path, json, headSchema);
  if (sampler === undefined && !ASSUMED.includes(name)) {
    throw new UserError(
      `${path}: _class_name: found "${name}"; expected DDIMScheduler or PNDMScheduler, or \`scheduler: ddim\` of the prior, which reads this file as DDIM's`,
    );
  }
  if (clip === undefined && name !== 'PNDMScheduler') {
    throw new UserError(
      `${path}: clip_sample: found nothing, which DDIM takes for true: clipping is not implemented; expected false`,
    );
  }
  const config = { ...(json as object), _class_name: ASSUMED.includes(name) ? name : 'DDIMScheduler' };
  return scheduleFromConfig(parseConfig(path, config, schedulerConfigSchema));
}
