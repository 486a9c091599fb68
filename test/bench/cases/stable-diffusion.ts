/** Stable Diffusion 1.5's decoder and U-Net, whole and at their size (512 px), with random weights. */
import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { autoencoderConfigSchema } from '../../../harness/networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent } from '../../../harness/networks/autoencoder-kl.ts';
import type { ParamSpec } from '../../../harness/networks/parameter-shapes.ts';
import type { NetworkParams } from '../../../harness/networks/params.ts';
import { unetConfigSchema } from '../../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../../harness/networks/unet2d-condition.ts';
import type { BenchCase } from '../case.ts';
import { noiseTensor } from '../noise.ts';
import { randomWeightsInFile } from '../random-weights.ts';

const SIDE = 64;
const PROMPT = [77, 768] as const;
const T = 421;

const UNET = unetConfigSchema.parse({ sample_size: SIDE, cross_attention_dim: PROMPT[1] });
const VAE = autoencoderConfigSchema.parse({
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
});

type Input = Record<'z' | 'c' | 't' | 'dy', Tensor>;

interface Network {
  readonly name: 'decoder' | 'U-Net';
  readonly config: object;
  readonly specs: readonly ParamSpec[];
  readonly output: readonly number[];
  apply(weights: NetworkParams, input: Input): Tensor;
}

const decoder: Network = {
  name: 'decoder',
  config: VAE,
  specs: autoencoderParameterShapes(VAE).filter(({ name }) => /^(decoder|post_quant_conv)\./.test(name)),
  output: [1, 3, 8 * SIDE, 8 * SIDE],
  apply: (weights, { z }) => decodeLatent(weights, VAE, z),
};

const unet: Network = {
  name: 'U-Net',
  config: UNET,
  specs: unetParameterShapes(UNET),
  output: [1, 4, SIDE, SIDE],
  apply: (weights, { z, t, c }) => unet2dCondition(weights, UNET, z, t, c),
};

/** Forward, or the gradient of the latent for a given gradient of the output. */
function whole(network: Network, work: 'forward' | 'gradient'): BenchCase {
  const { name, config, specs, output } = network;
  return {
    name: `SD 1.5 ${name}, ${8 * SIDE} px, ${work}`,
    batch: 1,
    wasm: false,
    pytorch: {
      module: 'stable_diffusion',
      args: { network: name, work, config, specs, side: SIDE, prompt: PROMPT, t: T, output },
    },
    async prepare(device) {
      const weights = randomWeightsInFile(device, specs, name);
      const forward = (input: Input) => network.apply(weights, input);
      const gradient = ({ dy, ...input }: Input) => tf.grad((z) => forward({ ...input, z, dy }))(input.z, dy);
      const step = device.compile(work === 'forward' ? forward : gradient);
      const z = noiseTensor([1, 4, SIDE, SIDE], 1);
      const c = noiseTensor([1, ...PROMPT], 2);
      const dy = noiseTensor(output, 3);
      return () => step({ z, c, t: T, dy });
    },
  };
}

export const stableDiffusion: readonly BenchCase[] = [
  whole(decoder, 'forward'),
  whole(decoder, 'gradient'),
  whole(unet, 'forward'),
  whole(unet, 'gradient'),
];
