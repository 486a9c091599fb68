import { join } from 'node:path';
import type { Device } from '../../engine/device.ts';
import { type AutoencoderConfig, autoencoderConfigSchema } from '../../networks/autoencoder-config.ts';
import { autoencoderParameterShapes } from '../../networks/autoencoder-kl.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { loadWeights } from '../../networks/load-weights.ts';
import { TensorFiles } from '../../networks/tensor-files.ts';
import type { DecoderTraining } from '../config.ts';
import { decoderObjective, isOfDecoder } from '../decoder.ts';
import type { KeptTensor } from '../weights.ts';
import { measureRoundTrip, VAE_CONFIG, VAE_WEIGHTS } from './autoencoder.ts';
import { type Job, jobOf } from './job.ts';

export function decoderJob(device: Device, config: DecoderTraining): Job {
  const { model } = config;
  const network = readConfigFile(join(model, VAE_CONFIG), autoencoderConfigSchema);
  const file = join(model, VAE_WEIGHTS);
  const encoder = loadWeights(file, autoencoderParameterShapes(network), device.constant).params;
  return jobOf(device, decoderObjective(network, encoder, config), {
    places: [{ file: VAE_WEIGHTS, prefix: '', kept: encoderTensors(file, network) }],
    finish: () => measureRoundTrip(device, model, network),
  });
}

function encoderTensors(path: string, network: AutoencoderConfig): readonly KeptTensor[] {
  const files = new TensorFiles(path);
  try {
    return autoencoderParameterShapes(network)
      .filter(({ name }) => !isOfDecoder(name))
      .map((spec) => ({ ...spec, data: files.file(spec.name).readFloat32(spec.name) }));
  } finally {
    files.close();
  }
}
