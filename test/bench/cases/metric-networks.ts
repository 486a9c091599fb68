/** Networks of metrics with weights of noise: Inception's features, LPIPS and its gradient. */
import type { Device } from '../../../harness/engine/device.ts';
import { sizeOf } from '../../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { blocks, stem } from '../../../harness/networks/inception-layout.ts';
import { inceptionPool3, inceptionShapes } from '../../../harness/networks/inception-v3.ts';
import { lpips, lpipsHeadShapes, lpipsTrunkShapes } from '../../../harness/networks/lpips.ts';
import { type LpipsNet, lpipsTrunks } from '../../../harness/networks/lpips-trunks.ts';
import type { ParamSpec } from '../../../harness/networks/parameter-shapes.ts';
import { type NetworkParams, paramsOf } from '../../../harness/networks/params.ts';
import type { BenchCase } from '../case.ts';
import { noise, noiseTensor } from '../noise.ts';

/** Weights in +-sqrt(6 / inputs); norms near 1 and 0. pytorch/metric_networks.py has the same. */
function weights(specs: readonly ParamSpec[], device: Device): NetworkParams {
  const tensors = specs.map(({ name, shape, kind, fanIn }, i) => {
    const [centre, scale] = [kind === 'normWeight' ? 1 : 0, kind === 'weight' ? Math.sqrt(6 / fanIn) : 0.1];
    const data = noise(sizeOf(shape), i).map((v) => centre + scale * v);
    return [name, device.constant(data, shape)] as const;
  });
  return paramsOf(new Map(tensors), 'noise');
}

/** The heads are weights of distances: not below zero. */
function heads(specs: readonly ParamSpec[], device: Device): NetworkParams {
  const tensors = specs.map(({ name, shape }) => {
    return [name, device.constant(new Float32Array(sizeOf(shape)).fill(0.1), shape)] as const;
  });
  return paramsOf(new Map(tensors), 'heads');
}

function inception(batch: number): BenchCase {
  return {
    name: 'Inception pool3, 299x299',
    batch,
    wasm: false,
    pytorch: {
      module: 'metric_networks',
      args: { network: 'inception', stem, blocks, specs: inceptionShapes(), batch },
    },
    async prepare(device) {
      const params = weights(inceptionShapes(), device);
      const step = device.compile(({ x }: { x: Tensor }) => inceptionPool3(params, x));
      const x = noiseTensor([batch, 3, 299, 299], 1000);
      return () => step({ x });
    },
  };
}

function perceptual(net: LpipsNet, size: number, gradient: boolean): BenchCase {
  const layout = lpipsTrunks[net];
  const specs = lpipsTrunkShapes(layout);
  return {
    name: `LPIPS ${net}, ${size}x${size}, ${gradient ? 'gradient' : 'forward'}`,
    batch: 1,
    wasm: false,
    pytorch: { module: 'metric_networks', args: { network: 'lpips', ...layout, specs, size, gradient } },
    async prepare(device) {
      const trunk = weights(specs, device);
      const linear = heads(lpipsHeadShapes(layout), device);
      const step = device.compile(({ a, b }: { a: Tensor; b: Tensor }) => {
        const distance = (x: Tensor) => lpips(layout, trunk, linear, x, b);
        return gradient ? tf.grad((x) => tf.sum(distance(x)))(a) : distance(a);
      });
      const input = { a: noiseTensor([1, 3, size, size], 1000), b: noiseTensor([1, 3, size, size], 1001) };
      return () => step(input);
    },
  };
}

export const metricNetworks: readonly BenchCase[] = [
  inception(1),
  inception(8),
  perceptual('alex', 256, false),
  perceptual('vgg', 256, false),
  perceptual('squeeze', 256, false),
  perceptual('alex', 256, true),
  perceptual('vgg', 256, true),
  perceptual('squeeze', 256, true),
];
