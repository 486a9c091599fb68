import type { Device } from '../../engine/device.ts';
import { uniforms } from '../../engine/random.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { adamStep, type OptimiserState, type StepScalars, scalarsOf } from '../optimiser.ts';

/** Feature vectors, all of one length, row after row. */
export interface Features {
  readonly rows: Float32Array;
  /** Length of one. */
  readonly size: number;
}

/** Several answers about each row, e.g. its hair colour and its glasses. */
export interface Classifier {
  /** The class of every question, for each row. */
  classify(features: Features): Promise<number[][]>;
}

export interface ClassifierOptions {
  /** Number of classes of each question. */
  readonly classes: readonly number[];
  readonly epochs: number;
  readonly seed: number;
}

const BATCH = 100;
const LEARNING_RATE = 3e-3;
/** Of half the weights' squared length, beside the cross-entropies. */
const DECAY = 1e-2;

/**
 * Linear softmax classifiers, one a question, on standardised features: cross-entropy, Adam with a cosine schedule,
 * averaged weights.
 * @param answers for each row the class of every question
 */
export async function trainClassifier(
  device: Device,
  features: Features,
  answers: readonly (readonly number[])[],
  { classes, epochs, seed }: ClassifierOptions,
): Promise<Classifier> {
  const starts = classes.map((_, question) => sum(classes.slice(0, question)));
  const width = sum(classes);
  const standardise = standardiser(features);
  const inputs = features.size + 1;
  const batch = Math.min(BATCH, answers.length);

  const step = device.compile(
    ({ state, scalars, x, y }: { state: OptimiserState; scalars: StepScalars; x: Tensor; y: Tensor }) => {
      const loss = (weights: Tensor): Tensor => {
        const logits = tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D);
        const entropies = classes.map((count, question) => {
          const part = (of: Tensor): Tensor => tf.slice(of, [0, starts[question]!], [batch, count]);
          return tf.neg(tf.sum(tf.mul(part(y), tf.logSoftmax(part(logits)))));
        });
        const decay = tf.mul(tf.sum(tf.square(weights)), DECAY / 2);
        return tf.add(decay, tf.div(tf.addN(entropies), batch));
      };
      return adamStep(state, tf.grad(loss)(state.weights), scalars);
    },
  );

  const perEpoch = Math.floor(answers.length / batch);
  const steps = epochs * perEpoch;
  const zeros = (): Tensor => tf.zeros([inputs, width]);
  let state: OptimiserState = { weights: zeros(), m: zeros(), v: zeros(), average: zeros() };
  for (let n = 0, order: number[] = []; n < steps; n++) {
    if (n % perEpoch === 0) order = shuffled(answers.length, seed, n / perEpoch);
    const rows = order.slice((n % perEpoch) * batch, ((n % perEpoch) + 1) * batch);
    const target = new Float32Array(batch * width);
    for (const [i, row] of rows.entries()) {
      for (const [question, answer] of answers[row]!.entries())
        target[i * width + starts[question]! + answer] = 1;
    }
    const scalars = scalarsOf(n, { steps, warmup: 0, learningRate: LEARNING_RATE, ema: 0.99 });
    const x = tf.tensor(standardise(features, rows), [batch, inputs]);
    const y = tf.tensor(target, [batch, width]);
    const next = await step({ state, scalars, x, y } as never);
    tf.dispose([state, x, y]);
    state = next;
  }

  const { average } = state;
  const logitsOf = device.compile(({ x, w }: { x: Tensor; w: Tensor }) =>
    tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
  );
  return {
    async classify(asked) {
      const count = asked.rows.length / asked.size;
      const all = Array.from({ length: count }, (_, i) => i);
      const logits = await logitsOf({ x: tf.tensor(standardise(asked, all), [count, inputs]), w: average });
      const values = await logits.data();
      return all.map((row) =>
        classes.map((size, question) => {
          const from = row * width + starts[question]!;
          return argMax(values.subarray(from, from + size));
        }),
      );
    },
  };
}

/** Zero mean and unit deviation over the rows given; the last column is one, so that its weights are the biases. */
function standardiser({
  rows,
  size,
}: Features): (features: Features, indices: readonly number[]) => Float32Array {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / count;
  for (let i = 0; i < rows.length; i++) squares[i % size]! += (rows[i]! - mean[i % size]!) ** 2 / count;
  const scale = squares.map((variance) => 1 / (Math.sqrt(variance) + 1e-6));
  return (features, indices) => {
    const out = new Float32Array(indices.length * (size + 1)).fill(1);
    for (const [n, index] of indices.entries()) {
      for (let k = 0; k < size; k++) {
        out[n * (size + 1) + k] = (features.rows[index * size + k]! - mean[k]!) * scale[k]!;
      }
    }
    return out;
  };
}

function shuffled(count: number, seed: number, epoch: number): number[] {
  const random = uniforms({ seed, role: 'train', image: 'classifier', draw: epoch });
  const keys = Float64Array.from({ length: count }, random);
  return Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
}

function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
