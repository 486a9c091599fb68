/** Blocks of Stable Diffusion 1.5's top level: resnet, transformer, resnet, 320 channels with 77 prompt tokens. */
import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { ShapeList } from '../../../harness/networks/parameter-shapes.ts';
import { resnetBlock, resnetBlockShapes } from '../../../harness/networks/resnet-block.ts';
import { transformer2d, transformer2dShapes } from '../../../harness/networks/transformer-block.ts';
import type { BenchCase } from '../case.ts';
import { noiseTensor } from '../noise.ts';
import { randomWeights } from '../random-weights.ts';

const CHANNELS = 320;
const CONTEXT = [77, 768] as const;
const TIME = 1280;
const TRANSFORMER = { heads: 8, groups: 32, depth: 1, linearProjection: false } as const;
const NORMS = { groups: 32, eps: 1e-5 };

function specs() {
  const shapes = new ShapeList();
  resnetBlockShapes(shapes.scope('resnets.0'), CHANNELS, CHANNELS, TIME);
  transformer2dShapes(shapes.scope('attentions.0'), CHANNELS, CONTEXT[1], TRANSFORMER);
  resnetBlockShapes(shapes.scope('resnets.1'), CHANNELS, CHANNELS, TIME);
  return shapes.specs;
}

type Input = { readonly z: Tensor; readonly c: Tensor; readonly time: Tensor; readonly y: Tensor };

function stack(side: number, guided: boolean): BenchCase {
  return {
    name: `SD-shaped stack 320 @ ${side}x${side}, ${guided ? 'guided' : 'forward'}`,
    batch: 1,
    // The self-attention of 4096 tokens alone takes gigabytes there.
    wasm: side < 64,
    pytorch: {
      module: 'sd_stack',
      args: {
        guided,
        side,
        channels: CHANNELS,
        context: CONTEXT,
        time: TIME,
        heads: TRANSFORMER.heads,
        specs: specs(),
      },
    },
    async prepare(device) {
      const weights = randomWeights(device, specs());
      const forward = ({ z, c, time }: Input) => {
        const h = resnetBlock(weights.scope('resnets.0'), z, time, NORMS);
        const tokens = transformer2d(
          weights.scope('attentions.0'),
          h,
          (layer) => layer.attend(c),
          TRANSFORMER,
        );
        return resnetBlock(weights.scope('resnets.1'), tokens, time, NORMS);
      };
      const step = guided
        ? device.compile((input: Input) =>
            tf.grad((z) => tf.sqrt(tf.sum(tf.square(tf.sub(input.y, forward({ ...input, z }))))))(input.z),
          )
        : device.compile(forward);
      const input = {
        z: noiseTensor([1, CHANNELS, side, side], 1),
        c: noiseTensor([1, ...CONTEXT], 2),
        time: noiseTensor([1, TIME], 3),
        y: noiseTensor([1, CHANNELS, side, side], 4),
      };
      return () => step(input);
    },
  };
}

export const sdStack: readonly BenchCase[] = [stack(64, false), stack(64, true), stack(32, true)];
