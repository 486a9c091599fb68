import type { Device } from '../../engine/device.ts';
import { readClipFolder } from '../../networks/clip-folder.ts';
import { clipObjective } from '../clip.ts';
import { askedOf, clipAccuracy } from '../clip-accuracy.ts';
import { openTowers } from '../clip-towers.ts';
import type { ClipTraining } from '../config.ts';
import { type Job, jobOf } from './job.ts';

export function clipJob(device: Device, config: ClipTraining): Job {
  const { config: network, tokenizer } = readClipFolder(config.model);
  return jobOf(device, clipObjective(network, tokenizer, config), {
    places: [{ file: 'model.safetensors', prefix: '' }],
    finish: () => measureClip(device, config.model),
  });
}

/** What its card says: see `clipAccuracy`. */
export async function measureClip(device: Device, folder: string): Promise<Record<string, number>> {
  const towers = openTowers(device, folder);
  const measured = await clipAccuracy(towers, await askedOf(towers));
  towers.dispose();
  return measured;
}
