import type { Tensor } from '../engine/tf.ts';
import type { Media, Scored } from '../pictures/media.ts';
import type { Answer, Found, Given, Kind } from './kinds.ts';

/** What is kept of a batch and shown, by the role that it has. */
interface Roles<K extends Kind> {
  /** What its methods do: `a method to ...`. */
  readonly does: string;
  readonly result: Media;
  /** What of a method's finds the result is: [B,...]. */
  readonly found: keyof Found[K];
  /** What metrics can be of. */
  readonly scored: readonly Scored[];
  /** Whether its truth is one of many that a result might be, so that the two are never compared one by one. */
  readonly unpaired?: true;
  /** Whether its tasks say themselves what a result is to show: the picture that was posed shows something else, or is none. */
  readonly wants?: true;
  /** Whether its tasks give every method what pictures show; where not, one that is told it knows something of the truth. */
  readonly givesCaptions?: true;
  /** What a method must find beside it, kept in the array file of the result. */
  readonly beside: readonly 'kernel'[];
  /** What is asked for where an experiment names no metric. */
  readonly metrics: readonly string[];
  /** [B,C,h,w] in about [-1,1], drawn as pictures; null: a method is given none. */
  givenOf(given: Given[K]): Tensor | null;
  /** One a picture that is given: what it shows in words, where a method is told. */
  wordsOf?(given: Given[K]): readonly string[];
  /** What no result can hold, of one that has the right shape and type; null: nothing. Infinities are looked for elsewhere. */
  mistakeIn(result: ArrayLike<number>, given: Given[K]): string | null;
}

/** Of kinds whose methods find pictures, and nothing beside them. */
const pictures = { result: 'picture', found: 'x', beside: [], mistakeIn: () => null } as const;

/** Of kinds whose methods change something of pictures and keep the rest. */
const changedPictures = {
  ...pictures,
  scored: ['picture', 'kept', 'traits'],
  wants: true,
  givesCaptions: true,
  metrics: ['psnr', 'ssim', 'preservation'],
  givenOf: ({ x }: { readonly x: Tensor }) => x,
} as const;

const roles: { readonly [K in Kind]: Roles<K> } = {
  restore: {
    ...pictures,
    does: 'restore',
    scored: ['picture', 'measurement'],
    metrics: ['psnr', 'ssim'],
    givenOf: ({ y, A }) => A.shown?.(y) ?? y,
  },
  blind: {
    does: 'restore blindly',
    result: 'picture',
    found: 'x',
    scored: ['picture', 'kernel'],
    beside: ['kernel'],
    metrics: ['psnr', 'ssim', 'kernel-mnc'],
    givenOf: ({ y }) => y,
    mistakeIn: () => null,
  },
  segment: {
    does: 'segment',
    result: 'labels',
    found: 'labels',
    scored: ['labels'],
    beside: [],
    metrics: ['miou'],
    givenOf: ({ x }) => x,
    mistakeIn: (labels, { examples: { classes } }) => strayLabel(labels, classes),
  },
  invert: {
    ...pictures,
    does: 'invert',
    scored: ['picture'],
    givesCaptions: true,
    metrics: ['psnr', 'ssim'],
    givenOf: ({ x }) => x,
  },
  edit: {
    ...changedPictures,
    does: 'edit',
    wordsOf: ({ captions }) => captions,
  },
  generate: {
    ...pictures,
    does: 'generate',
    scored: ['picture', 'traits'],
    unpaired: true,
    wants: true,
    givesCaptions: true,
    metrics: [],
    givenOf: () => null,
  },
  translate: {
    ...changedPictures,
    does: 'translate',
    wordsOf: ({ x, from }) => Array(x.shape[0]!).fill(from),
  },
};

export const KINDS = Object.keys(roles) as readonly Kind[];

/** Whether results of a kind are scored by a metric: its number is of what they are, against what they have. */
export function isScoredBy(
  kind: Kind,
  { of, against }: { readonly of: Scored; readonly against: string },
): boolean {
  const { scored, unpaired } = rolesOf(kind);
  return scored.includes(of) && !(unpaired && against === 'truth');
}

export function rolesOf<K extends Kind>(kind: K): Roles<K> {
  return roles[kind];
}

/** The result among what a method has handed back; a stranger's method may have handed back anything. */
export function resultOf<K extends Kind>(kind: K, answer: Answer<K>): Tensor {
  const { found } = rolesOf(kind);
  const isFound = typeof answer === 'object' && answer !== null && found in answer;
  return (isFound ? (answer as Found[K])[found] : answer) as Tensor;
}

function strayLabel(labels: ArrayLike<number>, classes: readonly string[]): string | null {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= classes.length)
      return `a label of ${label}, expected the index of a class, 0 to ${classes.length - 1}`;
  }
  return null;
}
