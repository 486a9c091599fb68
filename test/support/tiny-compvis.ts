/** An unconditional latent model of CompVis's kind, small enough for tests, untrained, with every kind of block of the public ones. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { admParameterShapes } from '../../harness/networks/adm-unet.ts';
import { vqParameterShapes } from '../../harness/networks/autoencoder-vq.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { latentDiffusionSchema } from '../../harness/priors/compvis-config.ts';
import { readManifest } from './network-fixtures.ts';
import { prngWeights } from './prng-weights.ts';

/** `model.params` of its configuration. */
export const TINY_COMPVIS = {
  linear_start: 0.0015,
  linear_end: 0.0195,
  timesteps: 1000,
  image_size: 8,
  channels: 3,
  cond_stage_config: '__is_unconditional__',
  unet_config: {
    target: 'ldm.modules.diffusionmodules.openaimodel.UNetModel',
    params: {
      image_size: 8,
      in_channels: 3,
      out_channels: 3,
      model_channels: 32,
      attention_resolutions: [2],
      num_res_blocks: 1,
      channel_mult: [1, 2],
      num_head_channels: 32,
    },
  },
  first_stage_config: {
    target: 'ldm.models.autoencoder.VQModelInterface',
    params: {
      embed_dim: 3,
      n_embed: 16,
      ddconfig: {
        double_z: false,
        z_channels: 3,
        resolution: 16,
        in_channels: 3,
        out_ch: 3,
        ch: 32,
        ch_mult: [1, 2],
        num_res_blocks: 1,
        attn_resolutions: [],
        dropout: 0.0,
      },
    },
  },
};

export const tinyCompvis = latentDiffusionSchema.parse(TINY_COMPVIS);

/** Its whole configuration, as CompVis writes them. */
export const tinyCompvisYaml = (params: object = TINY_COMPVIS) =>
  stringify({
    model: { base_learning_rate: 2e-6, target: 'ldm.models.diffusion.ddpm.LatentDiffusion', params },
  });

const SPECS = {
  unet: admParameterShapes(tinyCompvis.unet_config.params),
  vq: vqParameterShapes(tinyCompvis.first_stage_config.params),
} as const;

/** A tensor of a file. */
interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The values of the reference's network of the fixtures. */
export function tinyWeights(network: keyof typeof SPECS): {
  specs: readonly ParamSpec[];
  values: ReadonlyMap<string, Float32Array>;
} {
  const specs = SPECS[network];
  return { specs, values: prngWeights(specs, { prefix: `compvis/${network}/`, scale: 0.3 }) };
}

/** The reference's list of tensors: names and shapes. */
export const tinyTensors = (
  readManifest('compvis-ldm') as unknown as {
    tensors: Readonly<Record<keyof typeof SPECS, Readonly<Record<string, number[]>>>>;
  }
).tensors;

/**
 * The state_dict of a checkpoint: both networks, the averages of the U-Net's weights, and buffers.
 * @param last by how much the U-Net's weights are the fixture's; their averages are twice these
 */
export function tinyCheckpoint(last = 1): Stored[] {
  const stored = (network: keyof typeof SPECS, named: (name: string) => string, factor: number): Stored[] => {
    const { values } = tinyWeights(network);
    return Object.entries(tinyTensors[network]).map(([name, shape]) => ({
      name: named(name),
      shape,
      data: values.get(name)!.map((value) => factor * value),
    }));
  };
  const one = (name: string): Stored => ({ name, shape: [], data: Float32Array.of(0.5) });
  return [
    { name: 'betas', shape: [2], data: Float32Array.of(0.1, 0.2) },
    ...stored('unet', (name) => `model.diffusion_model.${name}`, last),
    ...stored('unet', (name) => `model_ema.diffusion_model${name.replaceAll('.', '')}`, 2),
    one('model_ema.decay'),
    one('model_ema.num_updates'),
    ...stored('vq', (name) => `first_stage_model.${name}`, 1),
    one('first_stage_model.loss.logvar'),
  ];
}

export const tinyCompvisFolder = () => mkdtempSync(join(tmpdir(), 'tweedie-compvis-'));
