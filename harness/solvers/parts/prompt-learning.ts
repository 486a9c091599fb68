/**
 * Prompts learned from pictures by the loss that priors are trained by, as textual inversion learns a word (Gal et al., arXiv
 * 2208.01618, eq. 2); here the whole embedding is learned, and a prompt for each image of the batch.
 */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prior, PriorWith } from '../../priors/prior.ts';
import type { Given } from '../../tasks/kinds.ts';
import type { Run } from '../run.ts';
import { type AdamState, adamInit, adamStep, gradientOf } from './gradients.ts';
import { type At, type Grid, reading } from './grids.ts';

export interface LearningAt extends At {
  /** Of the step, standard normal [B,c,h,w]. */
  readonly gaussian: Tensor;
}

/** Where a walk stands that learns first: of a learning leg `learning` alone can be used, of any other `after`. */
export interface AfterLearning<A> {
  readonly learning: LearningAt;
  readonly after: A;
}

/** Whose multiples fill [0,1) evenly, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** The grid after `count` steps of learning, whose times are spread evenly over the prior's. */
export function afterLearning<A>(prior: Prior, grid: Grid<A>, count: number): Grid<AfterLearning<A>> {
  const { schedule } = prior;
  const times = Array.from({ length: count }, (_, k) =>
    Math.floor(schedule.length * (((k + 1) * GOLDEN_RATIO) % 1)),
  );
  const end = grid.legs[0]?.t ?? -1;
  return {
    ...grid,
    legs: [...times.map((t, k) => ({ t, next: times[k + 1] ?? end })), ...grid.legs],
    coefficients: (legs) => [
      ...legs.slice(0, count).map(({ t }) => ({ t, ...schedule.level(t), fresh: 1 })),
      ...grid.coefficients(legs.slice(count)),
    ],
    at: (c, gaussian) => ({ learning: { ...reading(prior, c), gaussian }, after: grid.at(c, gaussian) }),
  };
}

/** A prompt on its way: embeddings c [B,L,D], and the loss [B] before the last step. */
export type Learned = { readonly c: Tensor; readonly adam: AdamState; readonly loss: Tensor };

export function unlearned(c: Tensor): Learned {
  return { c, adam: adamInit(c), loss: tf.zeros([c.shape[0]!]) };
}

/** One Adam step of each image's prompt down ||e - n||^2 at x_t = signal x_0 + noise n, x_0 [1,c,h,w] or one an image. */
export function learned(
  prior: Prior,
  { c, adam: before }: Learned,
  x0: Tensor,
  at: LearningAt,
  rate: number,
): Learned {
  const x = at.noised(x0, at.gaussian);
  const { gradient, loss } = gradientOf(c, (c) => {
    const e = at.noise(x, prior.predict(x, at.t, c));
    return { loss: tf.mean(tf.squaredDifference(e, at.gaussian), [1, 2, 3]) };
  });
  const { update, adam } = adamStep(before, gradient, rate);
  return { c: tf.sub(c, update), adam, loss };
}

/** Of one example of each domain: [1,c,h,w]. */
export type Shown = Record<'ofSource' | 'ofTarget', Tensor>;

/**
 * Latents of the k-th example of each domain, counted on from the first after the last. Pictures are encoded one after the
 * other.
 * @throws Error where the task shows none
 */
export async function exampleLatents(
  examples: Given['translate']['examples'],
  { autoencoder }: PriorWith<'autoencoder'>,
  run: Pick<Run, 'compile'>,
): Promise<(k: number) => Shown> {
  if (!examples) throw new Error('the task shows no example pictures to learn prompts from');
  const encode = run.compile((x: Tensor) => autoencoder.encode(x));
  const latentsOf = async (pictures: Tensor) => {
    const latents: Tensor[] = [];
    for (const picture of tf.split(pictures, pictures.shape[0]!)) {
      latents.push(await encode(picture));
      picture.dispose();
    }
    return latents;
  };
  const { from, to } = await examples();
  const [source, target] = [await latentsOf(from), await latentsOf(to)];
  return (k) => ({
    ofSource: tf.clone(source[k % source.length]!),
    ofTarget: tf.clone(target[k % target.length]!),
  });
}
