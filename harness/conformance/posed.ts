import { type Tensor, tf } from '../engine/tf.ts';
import type { Prior } from '../priors/prior.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Given, Kind } from '../tasks/kinds.ts';
import { operatorsFor } from './operators.ts';
import { blindProblem, labelledPictures, picturesOf, problemFor } from './run-solver.ts';

/** What methods of a kind are given here, and how two of their results are compared. */
interface Posed<K extends Kind> {
  given(solver: Solver<K>, prior: Prior, batch: number): Given[K];
  /** What is given for one picture of the batch. */
  alone(given: Given[K], i: number): Given[K];
  /** How the results of one picture differ by more than rounding does; null: they do not. */
  difference(a: Float32Array, b: Float32Array): string | null;
}

/** Of different lengths, by which the small prior tells prompts apart. */
const CAPTIONS = ['a face', 'a face with a hat'];
const TARGETS = ['a sad face', 'a face with a blue hat'];

const posed: { readonly [K in Kind]: Posed<K> } = {
  restore: {
    given(solver, prior, batch) {
      const [[, make]] = operatorsFor(solver) as [ReturnType<typeof operatorsFor>[number]];
      return problemFor(prior, make(), batch);
    },
    alone: ({ y, ...rest }, i) => ({ ...rest, y: picture(y, i) }),
    difference: furthest,
  },
  blind: {
    given: (_, prior, batch) => blindProblem(prior, batch),
    alone: ({ y, ...rest }, i) => ({ ...rest, y: picture(y, i) }),
    difference: furthest,
  },
  segment: {
    given: (_, prior, batch) => labelledPictures(prior, batch),
    alone: ({ x, examples }, i) => ({ x: picture(x, i), examples }),
    // Two classes that are as likely but for rounding may change places.
    difference(a, b) {
      const others = a.filter((label, i) => label !== b[i]).length;
      return others <= a.length / 100 ? null : `has another class at ${others} of ${a.length} pixels`;
    },
  },
  invert: {
    given: (_, prior, batch) => ({ x: picturesOf(prior, batch), captions: CAPTIONS.slice(0, batch) }),
    alone: ({ x, captions }, i) => ({ x: picture(x, i), captions: [captions![i]!] }),
    difference: furthest,
  },
  edit: {
    given: (_, prior, batch) => ({
      x: picturesOf(prior, batch),
      captions: CAPTIONS.slice(0, batch),
      targets: TARGETS.slice(0, batch),
    }),
    alone: ({ x, captions, targets }, i) => ({
      x: picture(x, i),
      captions: [captions[i]!],
      targets: [targets[i]!],
    }),
    difference: furthest,
  },
  generate: {
    given: (_solver, _prior, batch) => ({ captions: CAPTIONS.slice(0, batch) }),
    alone: ({ captions }, i) => ({ captions: [captions[i]!] }),
    difference: furthest,
  },
  translate: {
    given(_, prior, batch) {
      const [x, from, to] = tf.split(picturesOf(prior, batch + 5), [batch, 3, 2]) as [Tensor, Tensor, Tensor];
      return { x, from: CAPTIONS[0]!, to: TARGETS[0]!, examples: async () => ({ from, to }) };
    },
    alone: ({ x, ...domains }, i) => ({ ...domains, x: picture(x, i) }),
    difference: furthest,
  },
};

export function posedFor<K extends Kind>(kind: K): Posed<K> {
  return posed[kind];
}

/** How far two results of pictures are apart where that is more than rounding; null: it is not. */
export function furthest(a: Float32Array, b: Float32Array): string | null {
  const most = a.reduce((most, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
  return most < 1e-3 ? null : `differs by ${most}`;
}

function picture(batch: Tensor, i: number): Tensor {
  return tf.slice(batch, [i, ...batch.shape.slice(1).map(() => 0)], [1, ...batch.shape.slice(1)]);
}
