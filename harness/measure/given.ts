import type { Tensor } from '../engine/tf.ts';
import type { Entry } from '../measured/manifest.ts';
import { toTensor } from '../operators/matrix.ts';
import type { Unknown } from '../operators/operator-family.ts';
import type { Given, Kind } from '../tasks/kinds.ts';

/** What a method is given, as files hold it. */
export interface Said extends Pick<Entry, 'sigma' | 'noise' | 'operator'> {
  /** [B,...]; null: nothing but words. */
  readonly y: Tensor | null;
  /** [B,...] of each image. */
  readonly drawn: Readonly<Record<string, Tensor>>;
  /** The same for all images of the setting. */
  readonly shared: Readonly<Record<string, Tensor>>;
  /** One an image, by name. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
}

/** A picture that nothing has measured. */
const UNMEASURED = { sigma: null, noise: null, operator: null, drawn: {}, shared: {} } as const;

const byKind: { readonly [K in Kind]: (given: Given[K]) => Said | Promise<Said> } = {
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
    ...UNMEASURED,
    y: x,
    shared: { exampleImages: examples.x, exampleLabels: examples.labels },
  }),
  invert: ({ x, captions }) => ({ ...UNMEASURED, y: x, ...(captions && { words: { caption: captions } }) }),
  edit: ({ x, captions, targets, mask }) => ({
    ...UNMEASURED,
    y: x,
    drawn: maskOf(mask),
    words: { caption: captions, target: targets },
  }),
  generate: ({ captions }) => ({ ...UNMEASURED, y: null, words: { caption: captions } }),
  translate: async ({ x, from, to, examples }) => {
    const each = (text: string) => Array<string>(x.shape[0]!).fill(text);
    return {
      ...UNMEASURED,
      y: x,
      shared: examples ? domainsOf(await examples()) : {},
      words: { from: each(from), to: each(to) },
    };
  },
};

function maskOf(mask: Tensor | undefined): Said['drawn'] {
  return mask === undefined ? {} : { mask };
}

/** Kernels that are drawn as the one to be found is. */
function examplesOf({ law, decode }: Unknown): Said['shared'] {
  return law.is === 'examples' ? { kernelExamples: decode(law.codes) } : {};
}

/** Pictures of both domains. */
function domainsOf({ from, to }: Record<'from' | 'to', Tensor>): Said['shared'] {
  return { examplesFrom: from, examplesTo: to };
}

export async function sayGiven<K extends Kind>(kind: K, given: Given[K]): Promise<Said> {
  return byKind[kind](given);
}
