import { type Tensor, tf } from '../engine/tf.ts';
import { INCEPTION_FEATURES, inceptionPool3, inceptionShapes } from '../networks/inception-v3.ts';
import { loadPartOfWeights } from '../networks/load-weights.ts';
import { INCEPTION_SIZE, type InputPathName, inceptionInput, inputPaths } from './inception-input.ts';
import type { RequiredFile } from './network-metric.ts';
import type { FeatureExtractor } from './set-metric.ts';

/** pytorch-fid's port of TensorFlow's inception-2015-12-05; the name carries the first digits of its sha256. */
const WEIGHTS: RequiredFile = { name: 'pt_inception-2015-12-05-6726825d.pth', sha256: '6726825d' };

/** Inception-v3's 2048 pool features, behind one of the published input paths. */
export function inceptionExtractor(inputPath: InputPathName): FeatureExtractor {
  const path = inputPaths[inputPath];
  return {
    name: `inception-${inputPath}`,
    dimensions: INCEPTION_FEATURES,
    weights: [WEIGHTS],
    protocol: (sha256) => ({
      input: 'uint8 RGB',
      resize: `${INCEPTION_SIZE}x${INCEPTION_SIZE}, ${path.resize}`,
      range: path.range,
      backbone: 'Inception-v3, TensorFlow 2015-12-05, pool3',
      weights: `sha256 ${sha256[WEIGHTS.name]}`,
    }),
    async open(paths, device) {
      const { params, dispose } = loadPartOfWeights(paths[WEIGHTS.name]!, inceptionShapes(), device.constant);
      const step = device.compile(({ x }: { x: Tensor }) => inceptionPool3(params, x));
      return {
        async features(images) {
          const size = 3 * INCEPTION_SIZE ** 2;
          const inputs = new Float32Array(images.length * size);
          for (const [i, image] of images.entries()) inputs.set(inceptionInput(image, path), i * size);
          const x = tf.tensor(inputs, [images.length, 3, INCEPTION_SIZE, INCEPTION_SIZE]);
          const pooled = await step({ x });
          const features = (await pooled.data()) as Float32Array;
          tf.dispose([x, pooled]);
          return features;
        },
        dispose,
      };
    },
  };
}
