import type { Tensor } from '../engine/tf.ts';
import { tf } from '../engine/tf.ts';
import { loadPartOfWeights, loadWeights } from '../networks/load-weights.ts';
import { LPIPS_V01, lpips, lpipsHeadShapes, lpipsTrunkShapes } from '../networks/lpips.ts';
import { type LpipsNet, lpipsTrunks, smallestSide } from '../networks/lpips-trunks.ts';
import { needsSides } from './metric.ts';
import type { NetworkMetric, RequiredFile } from './network-metric.ts';
import { picturesTensor, runsOfOneSize } from './picture-batches.ts';

interface Files {
  /** torchvision's name of the network. */
  readonly network: string;
  readonly trunk: RequiredFile;
  readonly heads: RequiredFile;
}

/** torchvision's files carry the first digits of their sha256 in their names. */
const FILES: Record<LpipsNet, Files> = {
  alex: {
    network: 'alexnet',
    trunk: { name: 'alexnet-owt-7be5be79.pth', sha256: '7be5be79' },
    heads: {
      name: 'alex.pth',
      sha256: 'df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0',
    },
  },
  vgg: {
    network: 'vgg16',
    trunk: { name: 'vgg16-397923af.pth', sha256: '397923af' },
    heads: {
      name: 'vgg.pth',
      sha256: 'a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868',
    },
  },
  squeeze: {
    network: 'squeezenet1_1',
    trunk: { name: 'squeezenet1_1-b8a52dc0.pth', sha256: 'b8a52dc0' },
    heads: {
      name: 'squeeze.pth',
      sha256: '4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76',
    },
  },
};

/** LPIPS v0.1 of 8-bit pictures. */
export function lpipsMetric(name: string, net: LpipsNet): NetworkMetric {
  const { network, trunk, heads } = FILES[net];
  const layout = lpipsTrunks[net];
  return {
    name,
    title: name.replace('lpips', 'LPIPS'),
    version: 1,
    of: 'picture',
    against: 'truth',
    level: 'image',
    by: 'network',
    better: 'lower',
    digits: 4,
    weights: [trunk, heads],
    refuses: needsSides(smallestSide(layout), `${network}'s last features`),
    protocol: (sha256) => ({
      input: 'uint8 RGB',
      range: 'byte / 127.5 - 1',
      resize: 'none',
      backbone: `torchvision ${network}, max pooling`,
      weights: `sha256 ${sha256[trunk.name]}`,
      heads: `LPIPS v0.1, sha256 ${sha256[heads.name]}`,
      aggregation: 'per image',
    }),
    async open(paths, device) {
      const features = loadPartOfWeights(paths[trunk.name]!, lpipsTrunkShapes(layout), device.constant);
      const linear = loadWeights(paths[heads.name]!, lpipsHeadShapes(layout), device.constant);
      const distances = device.compile(({ a, b }: { a: Tensor; b: Tensor }) =>
        lpips(layout, features.params, linear.params, a, b, LPIPS_V01),
      );
      return {
        async scores(restored, truths) {
          const values: number[] = [];
          for (const [start, end] of runsOfOneSize(restored)) {
            const pair = {
              a: picturesTensor(restored.slice(start, end)),
              b: picturesTensor(truths.slice(start, end)),
            };
            const result = await distances(pair);
            values.push(...(await result.data()));
            tf.dispose([pair.a, pair.b, result]);
          }
          return values;
        },
        dispose() {
          features.dispose();
          linear.dispose();
        },
      };
    },
  };
}
