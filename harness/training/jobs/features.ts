import { join } from 'node:path';
import type { Device } from '../../engine/device.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { traitNetworkConfigSchema } from '../../networks/trait-network.ts';
import type { FeaturesTraining } from '../config.ts';
import { featuresObjective } from '../features.ts';
import { traitAccuracy } from '../trait-accuracy.ts';
import { type Job, jobOf } from './job.ts';

export function featuresJob(device: Device, config: FeaturesTraining): Job {
  const { model } = config;
  const network = readConfigFile(join(model, 'config.json'), traitNetworkConfigSchema);
  return jobOf(device, featuresObjective(network, config), {
    places: [{ file: 'model.safetensors', prefix: '' }],
    finish: () => traitAccuracy(device, model),
  });
}
