/** What `tweedie plan` finds out of a model folder before any worker loads it. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../harness/engine/random.ts';
import { UserError } from '../../harness/errors.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { type NamedTensor, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { inspectLatentModel, type LatentModelOptions } from '../../harness/priors/latent-model.ts';
import { writeTinyPrior, writeTinyStableDiffusion } from '../support/tiny-prior.ts';

const UNET = 'unet/diffusion_pytorch_model.safetensors';

function refusal(folder: string, options: LatentModelOptions = {}): string {
  try {
    inspectLatentModel(folder, options, true);
    return 'nothing is refused';
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replace(`${folder}/`, '');
  }
}

/** A model whose U-Net's tensors went through `change`. */
function withTensors(change: (tensors: NamedTensor[]) => NamedTensor[]): string {
  const folder = writeTinyPrior();
  const file = new SafetensorsFile(join(folder, UNET));
  const tensors = [...file.entries].map(([name, { shape }]) => ({
    name,
    shape,
    data: file.readFloat32(name),
  }));
  file.close();
  writeSafetensors(join(folder, UNET), change(tensors));
  return folder;
}

describe('configs that do not fit', () => {
  it.each([
    [
      'unet/config.json',
      { attention_head_dim: 3 },
      'unet/config.json: attention_head_dim: found 3; the number of heads: expected a divisor of 8, one of block_out_channels',
    ],
    [
      'unet/config.json',
      { norm_num_groups: 32 },
      'unet/config.json: norm_num_groups: found 32; expected a divisor of 8, one of block_out_channels',
    ],
    [
      'vae/config.json',
      { norm_num_groups: 3 },
      'vae/config.json: norm_num_groups: found 3; expected a divisor of 8, one of block_out_channels',
    ],
    [
      'text_encoder/config.json',
      { num_attention_heads: 5 },
      'text_encoder/config.json: num_attention_heads: found 5; expected a divisor of hidden_size 12',
    ],
    [
      'tokenizer/tokenizer_config.json',
      { model_max_length: 1e30 },
      'tokenizer/tokenizer_config.json: model_max_length: found 1e+30; expected a whole number from 2 to 65536',
    ],
    [
      'tokenizer/tokenizer_config.json',
      { model_max_length: 7 },
      'tokenizer: texts take 7 tokens; the text encoder has 6 positions',
    ],
    [
      'unet/config.json',
      { layers_per_block: 1_000_000_000 },
      'unet/config.json: layers_per_block: found 1000000000; Too big: expected number to be <=256',
    ],
    [
      'unet/config.json',
      { layers_per_block: 2 },
      `${UNET}: tensor 'down_blocks.0.resnets.1.norm1.weight' [8] is missing`,
    ],
  ])('%s with %j', (path, change, message) => {
    expect(refusal(writeTinyPrior({ [path]: change }))).toContain(message);
  });
});

describe('weights that do not fit', () => {
  it('a prefix before every name', () => {
    const folder = withTensors((tensors) =>
      tensors.map((one) => ({ ...one, name: `model.diffusion_model.${one.name}` })),
    );
    expect(refusal(folder)).toBe(
      `${UNET}: its names begin with 'model.diffusion_model.', the network's do not: \`tweedie weights convert FILE NEW.safetensors --section model.diffusion_model\` leaves that out`,
    );
  });

  it('a tensor of numbers too many may be a layer that the config lacks; a seed is none', () => {
    const extra = (data: Float32Array | Uint8Array) =>
      withTensors((tensors) => [...tensors, { name: 'extra', shape: [1], data }]);
    expect(refusal(extra(Float32Array.of(1)))).toBe(
      `${UNET}: tensor 'extra' [1] has no place in the network`,
    );
    expect(refusal(extra(Uint8Array.of(1)))).toBe('nothing is refused');
  });

  it('a variant is named, and taken when it is asked for', () => {
    const folder = writeTinyPrior();
    writeFileSync(
      join(folder, `${UNET}.index.fp16.json`),
      JSON.stringify({ weight_map: { 'conv_in.weight': 'shard.fp16-00001-of-00001.safetensors' } }),
    );
    renameSync(join(folder, UNET), join(folder, 'unet/shard.fp16-00001-of-00001.safetensors'));
    expect(refusal(folder)).toBe(
      `${UNET}: is not there; of its variants there are fp16: \`variant: fp16\` of the prior takes that one`,
    );
    expect(refusal(folder, { variant: 'fp16' })).toBe('nothing is refused');
    expect(refusal(folder, { variant: 'bf16' })).toBe(
      `variant: no weights of ${folder} have the variant bf16; found fp16`,
    );
  });
});

describe('any damage to a small file', () => {
  const folder = writeTinyStableDiffusion();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(json|txt)$/.test(name),
  );
  const WORDS = ['null', '[]', '{}', '-1', '1e99', '0', '"x"', 'true', '[[1]]', '1.5', '2147483648'];

  it.each(files)('is one line, or another model: %s', (name) => {
    const path = join(folder, name);
    const good = readFileSync(path, 'utf8');
    const random = uniforms({ seed: 0, role: 'sample', image: name, draw: 0 });
    const below = (n: number) => Math.floor(n * random());
    for (let round = 0; round < 25; round++) {
      const values = [...good.matchAll(/(?<=:)(?:[^,{}[\]]+)/g)];
      const at = values.length > 0 ? values[below(values.length)]! : { index: below(good.length), 0: 'xx' };
      const word = WORDS[below(WORDS.length)]!;
      const change = random() < 0.8 ? [at.index, at.index + at[0].length] : [below(good.length), good.length];
      writeFileSync(path, good.slice(0, change[0]) + word + good.slice(change[1]));
      expect(refusal(folder)).not.toContain('\n');
    }
    writeFileSync(path, good);
    rmSync(path);
    refusal(folder);
    writeFileSync(path, good);
  });
});
