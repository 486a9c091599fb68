import type { Device } from '../../engine/device.ts';
import { readClipFolder } from '../../networks/clip-folder.ts';
import { askedOf, clipAccuracy } from '../clip-accuracy.ts';
import { openNoisedTowers } from '../clip-towers.ts';
import type { NoisedClipTraining } from '../config.ts';
import { noisedClipObjective } from '../noised-clip.ts';
import { type Job, jobOf } from './job.ts';

export function noisedClipJob(device: Device, config: NoisedClipTraining): Job {
  const { config: network, tokenizer } = readClipFolder(config.model);
  return jobOf(device, noisedClipObjective(network, tokenizer, config), {
    places: [{ file: 'model.safetensors', prefix: '' }],
    finish: () => measureNoisedClip(device, config.model),
  });
}

/** alpha-bar of the levels that the card names. */
const LEVELS = [0.9999, 0.9, 0.7, 0.5, 0.3, 0.1, 0.03, 0.01];

/** What its card says: see `clipAccuracy`; by level of noise. */
export async function measureNoisedClip(device: Device, folder: string): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  const towers = openNoisedTowers(device, folder);
  const asked = await askedOf(towers);
  for (const alphaBar of LEVELS) {
    const { caption, picture, neighbours } = await clipAccuracy(towers.at(alphaBar), asked);
    for (const [name, value] of Object.entries({ caption, picture, neighbours }))
      measured[`${name} at ${alphaBar}`] = value!;
  }
  towers.dispose();
  return measured;
}
