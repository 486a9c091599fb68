import type { Tensor } from '../engine/tf.ts';
import type { Entry } from '../measured/manifest.ts';
import { toTensor } from '../operators/matrix.ts';
import type { Unknown } from '../operators/operator-family.ts';
import type { Given, Kind } from '../tasks/kinds.ts';

/** What a method is given, as files hold it. */
export interface Said extends Pick<Entry, 'sigma' | 'noise' | 'operator'> {
  /** [B,...]. */
  readonly y: Tensor;
  /** [B,...] of each image. */
  readonly drawn: Readonly<Record<string, Tensor>>;
  /** The same for all images of the setting. */
  readonly shared: Readonly<Record<string, Tensor>>;
}

const byKind: { readonly [K in Kind]: (given: Given[K]) => Said } = {
  restore: ({ y, A, sigma, noise }) => ({
    y,
    sigma,
    noise,
    operator: { name: A.name, linear: A.linear },
    drawn: A.drawn ?? {},
    shared: Object.fromEntries(
      Object.entries(A.matrices ?? {}).map(([name, matrix]) => [name, toTensor(matrix)]),
    ),
  }),
  blind: ({ y, A: { name, unknowns }, sigma }) => ({
    y,
    sigma,
    noise: 'gaussian',
    operator: { name, linear: null },
    drawn: {},
    shared: examplesOf(unknowns.kernel),
  }),
  segment: ({ x, examples }) => ({
    y: x,
    sigma: null,
    noise: null,
    operator: null,
    drawn: {},
    shared: { exampleImages: examples.x, exampleLabels: examples.labels },
  }),
};

/** Kernels that are drawn as the one to be found is. */
function examplesOf({ law, decode }: Unknown): Said['shared'] {
  return law.is === 'examples' ? { kernelExamples: decode(law.codes) } : {};
}

export function sayGiven<K extends Kind>(kind: K, given: Given[K]): Said {
  return byKind[kind](given);
}
