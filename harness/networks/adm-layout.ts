import type { AdmConfig } from './adm-config.ts';

/** One module of the U-Net; `name` is its state_dict prefix. */
export type AdmLayer = { readonly name: string } & (
  | { readonly kind: 'conv'; readonly inChannels: number; readonly outChannels: number }
  | {
      readonly kind: 'residual';
      readonly inChannels: number;
      readonly outChannels: number;
      readonly resample: 'up' | 'down' | null;
    }
  | { readonly kind: 'attention'; readonly channels: number; readonly heads: number }
  | { readonly kind: 'up' | 'down'; readonly channels: number }
);

/** Modules that run one after the other between two skips. */
export type AdmBlock = readonly AdmLayer[];

export interface AdmLayout {
  readonly input: readonly AdmBlock[];
  readonly middle: AdmBlock;
  readonly output: readonly AdmBlock[];
  /** Of the map that the head `out` reads. */
  readonly channels: number;
}

/** Every module in the order it runs, by the rules of UNetModel.__init__. */
export function admLayout(config: AdmConfig): AdmLayout {
  const { num_res_blocks: depth, num_head_channels: headChannels, attention_resolutions: attended } = config;
  const widths = config.channel_mult.map((mult) => Math.trunc(mult * config.model_channels));
  const upHeads = config.num_heads_upsample === -1 ? config.num_heads : config.num_heads_upsample;
  const attention = (name: string, channels: number, heads: number): AdmLayer => ({
    name,
    kind: 'attention',
    channels,
    heads: headChannels === -1 ? heads : channels / headChannels,
  });
  const residual = (name: string, inChannels: number, outChannels: number): AdmLayer => ({
    name,
    kind: 'residual',
    inChannels,
    outChannels,
    resample: null,
  });
  const resampler = (name: string, kind: 'up' | 'down', channels: number): AdmLayer =>
    config.resblock_updown
      ? { name, kind: 'residual', inChannels: channels, outChannels: channels, resample: kind }
      : { name, kind, channels };

  let channels = widths[0]!;
  const input: AdmBlock[] = [
    [{ name: 'input_blocks.0.0', kind: 'conv', inChannels: config.in_channels, outChannels: channels }],
  ];
  const skips = [channels];
  for (const [level, width] of widths.entries()) {
    for (let j = 0; j < depth; j++) {
      const prefix = `input_blocks.${input.length}`;
      const block = [residual(`${prefix}.0`, channels, width)];
      if (attended.includes(2 ** level)) block.push(attention(`${prefix}.1`, width, config.num_heads));
      input.push(block);
      skips.push(width);
      channels = width;
    }
    if (level < widths.length - 1) {
      input.push([resampler(`input_blocks.${input.length}.0`, 'down', channels)]);
      skips.push(channels);
    }
  }

  const middle = [
    residual('middle_block.0', channels, channels),
    attention('middle_block.1', channels, config.num_heads),
    residual('middle_block.2', channels, channels),
  ];

  const output: AdmBlock[] = [];
  for (const [level, width] of [...widths.entries()].reverse()) {
    for (let j = 0; j <= depth; j++) {
      const prefix = `output_blocks.${output.length}`;
      const block = [residual(`${prefix}.0`, channels + skips.pop()!, width)];
      if (attended.includes(2 ** level)) block.push(attention(`${prefix}.1`, width, upHeads));
      if (level > 0 && j === depth) block.push(resampler(`${prefix}.${block.length}`, 'up', width));
      output.push(block);
      channels = width;
    }
  }
  return { input, middle, output, channels };
}
