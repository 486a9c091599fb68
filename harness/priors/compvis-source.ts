import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { admParameterShapes } from '../networks/adm-unet.ts';
import { vqParameterShapes } from '../networks/autoencoder-vq.ts';
import type { ExpectedTensors } from '../networks/compare-tensors.ts';
import { parseConfig, readYaml } from '../networks/config-file.ts';
import { fileSha256, filesSha256 } from '../networks/file-hash.ts';
import { openTensorFile } from '../networks/tensor-file.ts';
import {
  COMPVIS_MODELS,
  type CompvisModelName,
  type LatentDiffusionConfig,
  latentDiffusionSchema,
} from './compvis-config.ts';

/** Of a model's folder: CompVis's own configuration, and the weights; the first of these that is there. */
export const COMPVIS_FOLDER = {
  config: 'config.yaml',
  weights: ['model.safetensors', 'model.ckpt'],
} as const;

/** A model: its configuration and where its weights lie. */
export interface CompvisSource {
  readonly config: LatentDiffusionConfig;
  readonly weights: string;
  sha256(): string;
}

/** A folder says itself which model it holds, the parameter `model` says it of a file. Throws UserError. */
export function compvisSource(path: string, model: CompvisModelName | null): CompvisSource {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (folder && model !== null) {
    throw new UserError(
      `compvis-ldm: model: ${path} is a folder, whose ${COMPVIS_FOLDER.config} says which model it holds; expected no model`,
    );
  }
  if (folder) {
    const configPath = join(path, COMPVIS_FOLDER.config);
    const { model } = parseConfig(configPath, readYaml(configPath), fileSchema);
    const weights = COMPVIS_FOLDER.weights.map((name) => join(path, name)).find((file) => existsSync(file));
    if (weights === undefined)
      throw new UserError(`${path}: holds no weights; expected ${COMPVIS_FOLDER.weights.join(' or ')}`);
    return { config: model.params, weights, sha256: () => filesSha256(path, [configPath, weights]) };
  }
  if (model !== null) {
    const config = parseConfig(model, COMPVIS_MODELS[model], latentDiffusionSchema);
    return { config, weights: path, sha256: () => fileSha256(path) };
  }
  openTensorFile(path).close();
  const known = Object.keys(COMPVIS_MODELS).join(', ');
  throw new UserError(
    `compvis-ldm: model: found nothing; a file of weights does not say which model it holds: expected ${known}, or a folder with ${COMPVIS_FOLDER.config}`,
  );
}

const fileSchema = z.object({
  model: z.object({
    target: z.literal('ldm.models.diffusion.ddpm.LatentDiffusion'),
    params: latentDiffusionSchema,
  }),
});

/** What a checkpoint's file holds of each network: both in one state_dict, told by what their names begin with. */
export function compvisNetworks(
  { unet_config, first_stage_config }: LatentDiffusionConfig,
  ema: boolean,
): Readonly<Record<'unet' | 'vq', ExpectedTensors>> {
  const specs = admParameterShapes(unet_config.params);
  return {
    unet: ema
      ? { specs, section: 'model_ema', rename: nameOfAverage(specs), ignore: isCounter }
      : { specs, section: 'model.diffusion_model' },
    vq: {
      specs: vqParameterShapes(first_stage_config.params),
      section: 'first_stage_model',
      ignore: (name) => name.startsWith('loss.'),
    },
  };
}

/** LitEma (ldm/modules/ema.py) leaves the dots out of the names of what it averages. */
function nameOfAverage(specs: ExpectedTensors['specs']): (name: string) => string {
  const names = new Map(
    specs.map(({ name }) => [`diffusion_model.${name}`.replaceAll('.', ''), name] as const),
  );
  return (name) => names.get(name) ?? name;
}

const isCounter = (name: string) => name === 'decay' || name === 'num_updates';
