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
