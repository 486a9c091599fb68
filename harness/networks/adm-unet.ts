/** The pixel U-Net of ADM: guided-diffusion's UNetModel (openai/guided-diffusion@22e0df8), with its state_dict names. */
import { silu } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { admLayer, admLayerShapes, admNorm } from './adm-blocks.ts';
import type { AdmConfig } from './adm-config.ts';
import { admLayout } from './adm-layout.ts';
import { conv, dense } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { sinusoid } from './time-embedding.ts';

/**
 * Model output for noised images.
 * @param x [B,in_channels,H,W]; 2^(levels-1) divides both sides
 * @param t training time step, scalar or [B]
 * @param y class labels, int32 [B]; null for a network without classes
 * @returns [B,out_channels,H,W]: with learned variance the noise in the first half of the channels, then the values that
 *   place the log-variance between its bounds (priors/ddpm.ts)
 */
export function admUnet(w: NetworkParams, config: AdmConfig, x: Tensor, t: Tensor, y: Tensor | null): Tensor {
  if ((y === null) !== (config.num_classes === null)) {
    throw new Error('class labels go with num_classes: give both or neither');
  }
  const layout = admLayout(config);
  const activated = silu(embedding(w, config, t, y));
  const run = (h: Tensor, block: (typeof layout.input)[number]) =>
    block.reduce((map, layer) => admLayer(w, config, layer, map, activated), h);

  let h = x;
  const skips: Tensor[] = [];
  for (const block of layout.input) {
    h = run(h, block);
    skips.push(h);
  }
  h = run(h, layout.middle);
  for (const block of layout.output) h = run(tf.concat([h, skips.pop()!], 1), block);
  return conv(w.scope('out.2'), silu(admNorm(w.scope('out.0'), config, h)), { padding: 1 });
}

/** Every parameter of the network. */
export function admParameterShapes(config: AdmConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  const { input, middle, output, channels } = admLayout(config);
  const width = 4 * config.model_channels;
  shapes.linear('time_embed.0', config.model_channels, width);
  shapes.linear('time_embed.2', width, width);
  if (config.num_classes !== null) shapes.embedding('label_emb', config.num_classes, width);
  for (const layer of [...input, middle, ...output].flat()) admLayerShapes(shapes, config, layer);
  shapes.norm('out.0', channels);
  shapes.conv('out.2', channels, config.out_channels, 3);
  return shapes.specs;
}

/** Linear(SiLU(Linear(sinusoid))) of the time, plus the class's row. [1 or B, 4 model_channels]. */
function embedding(w: NetworkParams, config: AdmConfig, t: Tensor, y: Tensor | null): Tensor {
  const waves = sinusoid(t, { width: config.model_channels, flipSinToCos: true, freqShift: 0 });
  const time = dense(w.scope('time_embed.2'), silu(dense(w.scope('time_embed.0'), waves)));
  if (y === null) return time;
  return tf.add(time, tf.gather(w.get('label_emb.weight'), y));
}
