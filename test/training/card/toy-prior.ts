/** An untrained prior of toyfaces: the embedded one's configs with few channels and fresh weights. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uniforms } from '../../../harness/engine/random.ts';
import { autoencoderParameterShapes } from '../../../harness/networks/autoencoder-kl.ts';
import { clipTextParameterShapes } from '../../../harness/networks/clip-text.ts';
import { initialise } from '../../../harness/networks/initialise.ts';
import type { ParamSpec } from '../../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../../harness/networks/safetensors-writer.ts';
import { unetParameterShapes } from '../../../harness/networks/unet2d-condition.ts';
import { readDiffusersFolder } from '../../../harness/priors/diffusers-folder.ts';
import { EMBEDDED_FOLDER } from '../../../harness/priors/embedded.ts';

const CONFIGS = ['model_index.json', 'scheduler', 'tokenizer', 'text_encoder/config.json'];
const FEW: Record<string, object> = {
  'unet/config.json': { block_out_channels: [8, 8], norm_num_groups: 4, attention_head_dim: 2 },
  'vae/config.json': { block_out_channels: [8, 8, 8], norm_num_groups: 4 },
};

/** Writes it into a new folder and returns its path. */
export function writeToyPrior(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-toy-prior-'));
  for (const name of CONFIGS) cpSync(join(EMBEDDED_FOLDER, name), join(folder, name), { recursive: true });
  for (const [name, changes] of Object.entries(FEW)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const config = JSON.parse(readFileSync(join(EMBEDDED_FOLDER, name), 'utf8'));
    writeFileSync(join(folder, name), JSON.stringify({ ...config, ...changes }));
  }
  const { unet, vae, textEncoder } = readDiffusersFolder(folder);
  const write = (name: string, specs: readonly ParamSpec[]) => {
    const values = initialise(specs, uniforms({ seed: 0, role: 'train', image: name, draw: 0 }));
    const tensors = specs.map((spec) => ({ ...spec, data: values.get(spec.name)! }));
    writeSafetensors(join(folder, name), tensors);
  };
  write('unet/diffusion_pytorch_model.safetensors', unetParameterShapes(unet));
  write('vae/diffusion_pytorch_model.safetensors', autoencoderParameterShapes(vae));
  write('text_encoder/model.safetensors', clipTextParameterShapes(textEncoder));
  return folder;
}
