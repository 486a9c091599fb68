/** The guided step of a latent solver with the embedded prior: d ||y - A D z0(z_t)|| / d z_t, super-resolution x8. */
import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { cubic, resizeMatrix } from '../../../harness/operators/resize-matrix.ts';
import { superResolution } from '../../../harness/operators/super-resolution.ts';
import { z0FromNoise } from '../../../harness/priors/ddim.ts';
import { EMBEDDED_FOLDER } from '../../../harness/priors/embedded.ts';
import { openLatentDiffusion } from '../../../harness/priors/latent-diffusion.ts';
import { norm } from '../../../harness/solvers/parts/gradients.ts';
import type { BenchCase } from '../case.ts';
import { noiseTensor } from '../noise.ts';

const FACTOR = 8;
const T = 421;
const ALPHA_BAR = 0.3;
/** Tokens and width of the embedded prior's text embeddings. */
const PROMPT = [16, 96] as const;

type Input = {
  readonly z: Tensor;
  readonly c: Tensor;
  readonly y: Tensor;
  readonly t: Tensor;
  readonly alphaBar: Tensor;
};

function guidedStep(batch: number): BenchCase {
  const { data, rows, columns } = resizeMatrix(64, 64 / FACTOR, cubic);
  return {
    name: 'guided step, embedded prior',
    batch,
    wasm: true,
    pytorch: {
      module: 'guided_step',
      args: {
        folder: EMBEDDED_FOLDER,
        batch,
        prompt: PROMPT,
        t: T,
        alpha_bar: ALPHA_BAR,
        resize: { data: [...data], shape: [rows, columns] },
      },
    },
    async prepare(device) {
      const prior = openLatentDiffusion(EMBEDDED_FOLDER, { name: 'embedded' }, device.constant);
      const A = superResolution(FACTOR, prior.imageShape);
      const step = device.compile(({ z, c, y, t, alphaBar }: Input) =>
        tf.grad((z) => {
          const z0 = z0FromNoise(z, prior.predict(z, t, c).value, alphaBar);
          return tf.sum(norm(tf.sub(y, A.forward(prior.autoencoder.decode(z0)))));
        })(z),
      );
      const input = {
        z: noiseTensor([batch, ...prior.shape], 1),
        c: noiseTensor([batch, ...PROMPT], 2),
        y: noiseTensor([batch, 3, 64 / FACTOR, 64 / FACTOR], 3),
      };
      return () => step({ ...input, t: T, alphaBar: ALPHA_BAR });
    },
  };
}

export const guidedSteps: readonly BenchCase[] = [guidedStep(1), guidedStep(4)];
