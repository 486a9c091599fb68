/** Single operators at sizes of Stable Diffusion and of small priors, forward and by their input gradient. */
import { attention, conv2d, groupNorm, linear, silu } from '../../../harness/engine/ops.ts';
import { sizeOf } from '../../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { kernelBlur } from '../../../harness/operators/kernel-blur.ts';
import type { BenchCase } from '../case.ts';
import { noise, noiseTensor } from '../noise.ts';
import { sampleStride } from '../samples.ts';

interface Kernel {
  readonly name: string;
  /** pytorch/kernels.py has the same operator under this name. */
  readonly op: 'conv3x3' | 'norm_silu' | 'attention' | 'linear' | 'blur';
  /** Of what is differentiated. */
  readonly inputs: readonly (readonly number[])[];
  readonly weights?: readonly (readonly number[])[];
  readonly wasm: boolean;
}

const OPERATORS: Record<Kernel['op'], (x: readonly Tensor[], w: readonly Tensor[]) => Tensor> = {
  conv3x3: ([x], [w, b]) => conv2d(x!, w!, b!, { padding: 1 }),
  norm_silu: ([x], [gamma, beta]) => silu(groupNorm(x!, 32, gamma!, beta!, 1e-5)),
  attention: ([q, k, v]) => attention(q!, k!, v!, 1 / Math.sqrt(q!.shape[3]!)),
  linear: ([x], [w, b]) => linear(x!, w!, b!),
  blur: ([x], [kernel]) =>
    kernelBlur(kernel!.shape[3]!, x!.shape.slice(1) as [number, number, number], 'reflect')(x!, kernel!),
};

/** Large enough to keep every library busy, small enough for a second: what a machine can do at its best. */
const PROBES: readonly Kernel[] = [
  product(1024, 1024, 1024),
  product(2048, 2048, 2048),
  convolution(512, 32),
  convolution(256, 64),
];

const KERNELS: readonly Kernel[] = [
  convolution(320, 64),
  convolution(128, 32),
  {
    name: 'group norm + silu 320 @ 64x64',
    op: 'norm_silu',
    inputs: [[1, 320, 64, 64]],
    weights: [[320], [320]],
    wasm: true,
  },
  attended(4096, 40, false),
  attended(1024, 80, true),
  product(4096, 320, 2560),
  {
    name: 'motion blur 61x61 @ 512x512',
    op: 'blur',
    inputs: [[1, 3, 512, 512]],
    weights: [[1, 1, 61, 61]],
    wasm: false,
  },
];

function product(rows: number, from: number, to: number): Kernel {
  return {
    name: `linear ${rows} x ${from} -> ${to}`,
    op: 'linear',
    inputs: [[1, rows, from]],
    weights: [[to, from], [to]],
    wasm: true,
  };
}

function convolution(channels: number, size: number): Kernel {
  return {
    name: `conv 3x3 ${channels} @ ${size}x${size}`,
    op: 'conv3x3',
    inputs: [[1, channels, size, size]],
    weights: [[channels, channels, 3, 3], [channels]],
    wasm: true,
  };
}

function attended(tokens: number, width: number, wasm: boolean): Kernel {
  const shape = [1, 8, tokens, width];
  return {
    name: `attention ${tokens} tokens, 8 x ${width}`,
    op: 'attention',
    inputs: [shape, shape, shape],
    wasm,
  };
}

/** Inside a network a result stays in the graph; so it does here, but for a few numbers. */
function sampled(result: Tensor): Tensor {
  return tf.stridedSlice(tf.reshape(result, [-1]), [0], [result.size], [sampleStride(result.size)]);
}

function kernelCase({ name, op, inputs, weights = [], wasm }: Kernel, gradient: boolean): BenchCase {
  const f = OPERATORS[op];
  return {
    name: `${name}, ${gradient ? 'gradient' : 'forward'}`,
    batch: 1,
    wasm,
    pytorch: { module: 'kernels', args: { op, inputs, weights, gradient } },
    async prepare(device) {
      const x = inputs.map((shape, i) => noiseTensor(shape, i));
      const w = weights.map((shape, i) => {
        const size = sizeOf(shape);
        return device.constant(noise(size, 100 + i), shape);
      });
      const step = device.compile(({ x }: { x: readonly Tensor[] }) => {
        if (!gradient) return sampled(f(x, w));
        const all = tf.grads((...given) => tf.sum(tf.square(f(given, w))))([...x]);
        return sampled(all.length === 1 ? all[0]! : tf.concat(all, 0));
      });
      return () => step({ x });
    },
  };
}

/** The machine's peak is the best rate among them, whoever reaches it. */
export const probes: readonly BenchCase[] = PROBES.map((kernel) => ({
  ...kernelCase(kernel, false),
  wasm: false,
}));

export const kernels: readonly BenchCase[] = KERNELS.flatMap((kernel) => [
  kernelCase(kernel, false),
  kernelCase(kernel, true),
]);
