import type { UnetConfig } from './unet-config.ts';

/** One level of the U-Net. */
export interface BlockLayout {
  /** Its state_dict prefix. */
  readonly prefix: string;
  /** Input channels of each resnet block, the concatenated skip included. */
  readonly inChannels: readonly number[];
  readonly outChannels: number;
  /** Heads of the transformers behind the resnet blocks; null where the level has none. */
  readonly heads: number | null;
  /** Whether a down- or up-sampler ends the level. */
  readonly resample: boolean;
}

export interface UnetLayout {
  readonly down: readonly BlockLayout[];
  readonly mid: { readonly channels: number; readonly heads: number };
  readonly up: readonly BlockLayout[];
}

/** Channels and heads of every block, by the rules of UNet2DConditionModel.__init__. */
export function unetLayout(config: UnetConfig): UnetLayout {
  const channels = config.block_out_channels;
  const last = channels.length - 1;
  const heads = config.num_attention_heads ?? config.attention_head_dim;
  const headsAt = (level: number) => (typeof heads === 'number' ? heads : heads[level]!);

  const down = config.down_block_types.map((type, i) => {
    const out = channels[i]!;
    const first = channels[Math.max(i - 1, 0)]!;
    return {
      prefix: `down_blocks.${i}`,
      inChannels: Array.from({ length: config.layers_per_block }, (_, j) => (j === 0 ? first : out)),
      outChannels: out,
      heads: type === 'CrossAttnDownBlock2D' ? headsAt(i) : null,
      resample: i < last,
    };
  });

  const up = config.up_block_types.map((type, i) => {
    const level = last - i;
    const out = channels[level]!;
    const before = channels[Math.min(level + 1, last)]!;
    const lastSkip = channels[Math.max(level - 1, 0)]!;
    const count = config.layers_per_block + 1;
    return {
      prefix: `up_blocks.${i}`,
      inChannels: Array.from(
        { length: count },
        (_, j) => (j === 0 ? before : out) + (j === count - 1 ? lastSkip : out),
      ),
      outChannels: out,
      heads: type === 'CrossAttnUpBlock2D' ? headsAt(level) : null,
      resample: i < last,
    };
  });

  return { down, mid: { channels: channels[last]!, heads: headsAt(last) }, up };
}
