const OLD_ATTENTION_NAMES: Readonly<Record<string, string>> = {
  query: 'to_q',
  key: 'to_k',
  value: 'to_v',
  proj_attn: 'to_out.0',
};

/** Current name of an autoencoder tensor: the SD 1.x and 2.x checkpoints on the hub use the older attention names. */
export function currentAutoencoderName(name: string): string {
  return name.replace(
    /^((?:en|de)coder\.mid_block\.attentions\.0)\.(query|key|value|proj_attn)\./,
    (_, prefix: string, old: string) => `${prefix}.${OLD_ATTENTION_NAMES[old]}.`,
  );
}

/** Parts of names, diffusers' and CompVis's, from the left. */
const COMPVIS_PARTS: readonly (readonly [RegExp, string])[] = [
  [/\.down_blocks\.(\d+)\.resnets\./, '.down.$1.block.'],
  [/\.down_blocks\.(\d+)\.downsamplers\.0\./, '.down.$1.downsample.'],
  [/\.up_blocks\.(\d+)\.resnets\./, '.up.$1.block.'],
  [/\.up_blocks\.(\d+)\.upsamplers\.0\./, '.up.$1.upsample.'],
  [/\.mid_block\.resnets\.0\./, '.mid.block_1.'],
  [/\.mid_block\.resnets\.1\./, '.mid.block_2.'],
  [/\.mid_block\.attentions\.0\./, '.mid.attn_1.'],
  [/\.attn_1\.group_norm\./, '.attn_1.norm.'],
  [/\.attn_1\.to_([qkv])\./, '.attn_1.$1.'],
  [/\.attn_1\.to_out\.0\./, '.attn_1.proj_out.'],
  [/\.conv_shortcut\./, '.nin_shortcut.'],
  [/\.conv_norm_out\./, '.norm_out.'],
];

/**
 * What CompVis's checkpoints call a tensor of encoder or decoder that diffusers gives this name. They count the decoder's levels
 * from the finest.
 */
export function compvisAutoencoderName(name: string, levels: number): string {
  const named = COMPVIS_PARTS.reduce((it, [part, theirs]) => it.replace(part, theirs), name);
  return named.replace(/^decoder\.up\.(\d+)/, (_, level) => `decoder.up.${levels - 1 - Number(level)}`);
}
