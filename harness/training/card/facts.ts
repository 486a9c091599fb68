import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { autoencoderParameterShapes } from '../../networks/autoencoder-kl.ts';
import { clipTextParameterShapes } from '../../networks/clip-text.ts';
import type { ClipTextConfig } from '../../networks/clip-text-config.ts';
import { readConfigFile } from '../../networks/config-file.ts';
import { countParameters } from '../../networks/parameter-shapes.ts';
import type { UnetConfig } from '../../networks/unet-config.ts';
import { unetParameterShapes } from '../../networks/unet2d-condition.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import type { DiffusersFolder } from '../../priors/diffusers-folder.ts';
import { type SchedulerConfig, schedulerConfigSchema } from '../../priors/schedule.ts';
import type { NetworkFacts, TrainingFacts } from './card.ts';
import { type LossLog, secondsOf } from './loss-log.ts';

/** What the config.json files say of the three networks. */
export function networkFacts({ vae, unet, textEncoder: text, latentShape }: DiffusersFolder): NetworkFacts[] {
  return [
    {
      folder: 'vae',
      parameters: countParameters(autoencoderParameterShapes(vae)),
      description:
        `AutoencoderKL: channels ${levels(vae.block_out_channels)}, ${vae.layers_per_block} residual block(s) a level, ` +
        `latents ${latentShape.join(' x ')}, scaling factor ${vae.scaling_factor}`,
    },
    unetFacts(unet),
    textFacts(text),
  ];
}

export function unetFacts(unet: UnetConfig): NetworkFacts {
  return {
    folder: 'unet',
    parameters: countParameters(unetParameterShapes(unet)),
    description:
      `UNet2DConditionModel: channels ${levels(unet.block_out_channels)}, ${unet.layers_per_block} block(s) a level ` +
      `(${unet.down_block_types.join(', ')}), cross-attention to width ${unet.cross_attention_dim}`,
  };
}

export function textFacts(text: ClipTextConfig): NetworkFacts {
  return {
    folder: 'text_encoder',
    parameters: countParameters(clipTextParameterShapes(text)),
    description:
      `CLIPTextModel: width ${text.hidden_size}, ${text.num_hidden_layers} layers, ${text.num_attention_heads} heads, ` +
      `${text.vocab_size} words, ${text.max_position_embeddings} positions`,
  };
}

function levels(channels: readonly number[]): string {
  return channels.join(', ');
}

export function schedulerFacts(folder: string): SchedulerConfig {
  return readConfigFile(join(folder, 'scheduler/scheduler_config.json'), schedulerConfigSchema);
}

/** What a log tells, with the shipped config of the same name. */
export function trainingFacts({ name, lines }: LossLog, chart: string): TrainingFacts {
  const { step, loss } = lines.at(-1)!;
  const config = join(PACKAGE_ROOT, 'configs/train', `${name}.yaml`);
  return {
    name,
    steps: step,
    seconds: secondsOf(lines),
    loss,
    config: existsSync(config) ? readFileSync(config, 'utf8').trim() : null,
    chart,
  };
}
