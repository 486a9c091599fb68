/**
 * The gradients that solvers follow, of one guided step: z_t, prompt -> U-Net -> Tweedie's z0 -> decoder -> operator ->
 * distance to the measurement. The recorded graphs are evaluated again in double precision (test/support/float64.ts):
 * finite differences of the loss then tell whether the gradient's formulas are right, and the gradient in double
 * precision tells how far ONNX Runtime's single precision is off.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnnxBackend } from '../../harness/engine/onnx/backend.ts';
import { type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { normals, uniforms } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { autoencoderConfigSchema } from '../../harness/networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent } from '../../harness/networks/autoencoder-kl.ts';
import { initialise } from '../../harness/networks/initialise.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import { z0FromNoise } from '../../harness/priors/ddim.ts';
import { evaluate } from '../support/float64.ts';

const unet = unetConfigSchema.parse({
  block_out_channels: [8, 16],
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 1,
  attention_head_dim: 2,
  cross_attention_dim: 6,
  norm_num_groups: 4,
});
const vae = autoencoderConfigSchema.parse({
  block_out_channels: [8, 16],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  norm_num_groups: 4,
});
const BATCH = 2;

function gaussians(name: string, shape: number[]): Tensor {
  const size = sizeOf(shape);
  return tf.tensor(normals({ seed: 1, role: 'sample', image: name, draw: 0 }, size), shape);
}

function weights(backend: OnnxBackend, name: string, specs: readonly ParamSpec[]): NetworkParams {
  const values = initialise(specs, uniforms({ seed: 1, role: 'sample', image: name, draw: 0 }));
  const tensors = specs.map(({ name, shape }) => [name, backend.constant(values.get(name)!, shape)] as const);
  return paramsOf(new Map(tensors), name);
}

/** A function's value and gradient as ONNX Runtime computes them, and its graphs in double precision. */
interface Recorded {
  readonly value: number;
  readonly gradients: readonly Float32Array[];
  /** The value, its arguments moved by `steps`. */
  value64(steps?: readonly Float64Array[]): number;
  readonly gradients64: readonly Float64Array[];
}

async function record(
  backend: OnnxBackend,
  f: (...args: Tensor[]) => Tensor,
  args: readonly Tensor[],
): Promise<Recorded> {
  const loss = f(...args);
  const gradients = tf.grads(f)([...args]);
  const forward = programOf([backend.node(loss)]);
  const backward = programOf(gradients.map((g) => backend.node(g)));
  const feeds = args.map((arg) => backend.node(arg));
  const data = (node: Node, steps: readonly Float64Array[] = []): ArrayLike<number> => {
    const values = backend.feedData(node as Parameters<OnnxBackend['feedData']>[0]).data;
    const step = steps[feeds.indexOf(node)];
    return step ? step.map((s, i) => values[i]! + s) : values;
  };
  return {
    value: (await loss.data())[0]!,
    gradients: await Promise.all(gradients.map((g) => g.data<'float32'>())),
    value64: (steps) => evaluate(forward, (node) => data(node, steps))[0]!.data[0]!,
    gradients64: evaluate(backward, (node) => data(node)).map(({ data }) => data),
  };
}

/** The derivative of the value along `direction`, by central differences of double precision. */
function slope({ value64 }: Recorded, direction: readonly Float64Array[]): number {
  const h = 1e-4;
  const at = (t: number) => value64(direction.map((d) => d.map((v) => t * v)));
  // Richardson: the error of the step's square cancels.
  return (8 * (at(h / 2) - at(-h / 2)) - (at(h) - at(-h))) / (6 * h);
}

function dot(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return a.reduce((sum, x, i) => sum + x.reduce((inner, v, j) => inner + v * b[i]![j]!, 0), 0);
}

function relativeDistance(a: ArrayLike<number>, b: Float64Array): number {
  const square = (of: (v: number, i: number) => number) => b.reduce((sum, v, i) => sum + of(v, i) ** 2, 0);
  return Math.sqrt(square((v, i) => v - a[i]!) / square((v) => v));
}

describe('gradients of a guided step', () => {
  let guided: Recorded;
  const names = ['latent', 'prompt'];

  beforeAll(async () => {
    const backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 4 });
    const unetWeights = weights(backend, 'unet', unetParameterShapes(unet));
    const vaeWeights = weights(backend, 'vae', autoencoderParameterShapes(vae));
    const A = superResolution(4, [3, 16, 16]);
    const y = gaussians('y', [BATCH, 3, 4, 4]);
    const [t, alphaBar] = [tf.scalar(421), tf.scalar(0.3)];
    const loss = (z: Tensor, c: Tensor) => {
      const z0 = z0FromNoise(z, unet2dCondition(unetWeights, unet, z, t, c), alphaBar);
      const residual = tf.sub(y, A.forward(decodeLatent(vaeWeights, vae, z0)));
      return tf.sum(tf.sqrt(tf.sum(tf.square(residual), [1, 2, 3])));
    };
    guided = await record(backend, loss as (...args: Tensor[]) => Tensor, [
      gaussians('z', [BATCH, 4, 8, 8]),
      gaussians('c', [BATCH, 5, 6]),
    ]);
  });

  it('the loss of ONNX Runtime is that of double precision', () => {
    expect(Math.abs(guided.value / guided.value64() - 1)).toBeLessThan(1e-6);
  });

  it('in double precision equal finite differences along random directions', () => {
    const gradients = guided.gradients64;
    for (let draw = 0; draw < 3; draw++) {
      const direction = gradients.map(({ length }, i) =>
        Float64Array.from(normals({ seed: 1, role: 'sample', image: `direction ${i}`, draw }, length)),
      );
      expect(Math.abs(slope(guided, direction) / dot(gradients, direction) - 1)).toBeLessThan(1e-7);
    }
  });

  it.each(names)('in double precision equal finite differences in single elements of the %s', (name) => {
    const gradients = guided.gradients64;
    const which = names.indexOf(name);
    const largest = gradients[which]!.reduce((max, g) => Math.max(max, Math.abs(g)), 0);
    for (const part of [0.1, 0.5, 0.9]) {
      const element = Math.floor(part * gradients[which]!.length);
      const direction = gradients.map(({ length }, i) => {
        const unit = new Float64Array(length);
        if (i === which) unit[element] = 1;
        return unit;
      });
      const error = Math.abs(slope(guided, direction) - gradients[which]![element]!);
      expect(error / largest, `element ${element}`).toBeLessThan(1e-7);
    }
  });

  it.each(names)('in single precision are those of double precision: %s', (name) => {
    const which = names.indexOf(name);
    expect(relativeDistance(guided.gradients[which]!, guided.gradients64[which]!)).toBeLessThan(1e-5);
  });
});
