import type { z } from 'zod';
import type { MakeConstant } from '../networks/load-weights.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import type { Prior, PriorPart } from './prior.ts';
import type { NoiseSchedule } from './schedule.ts';

/** What a plan must know of a prior before any worker loads it. */
export interface PriorFacts {
  /** [C,H,W] of the images the prior models. */
  readonly imageShape: readonly [number, number, number];
  /** sha256 over all files that make the prior. */
  readonly weightsSha256: string;
  /** Toy priors are labelled wherever their results show. */
  readonly toy: boolean;
  /** The pictures that it was trained on, where they are a split of a data set by name: a plan notes where it is scored on them. */
  readonly trainedOn?: { readonly set: string; readonly split: string };
  /** Of a table of noise levels: what a plan says of the number of steps. */
  readonly schedule?: NoiseSchedule;
  /** What the prior has beside its network: decides which solvers can use it. Default: nothing is known, all may try. */
  readonly parts?: readonly PriorPart[];
  /** [c,h,w] of its networks of what blind tasks look for beside the picture, where it has some. */
  readonly unknowns?: { readonly kernel?: readonly number[]; readonly tilt?: readonly number[] };
  /** Of a prior with text: reads its prompts. Opened at the first call. */
  readonly tokenizer?: () => Pick<Tokenizer, 'length' | 'leftOut'>;
}

/** A prior that an experiment can name. */
export interface PriorKind<P extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Bump when the same files give other numbers. */
  readonly version: number;
  /** One line for `tweedie list priors`. */
  readonly description: string;
  readonly params: P;
  /** Reads configs and hashes, not the weights themselves. Throws UserError when files are missing. */
  inspect(params: z.infer<P>): Promise<PriorFacts>;
  /** Loads the weights, each once, through `makeConstant`. Throws UserError for files that do not fit together. */
  open(params: z.infer<P>, makeConstant: MakeConstant): Promise<Prior>;
}

/** Keeps the parameter type of a prior while the registry holds them uniformly. */
export function definePrior<P extends z.ZodObject>(kind: PriorKind<P>): PriorKind {
  return kind as unknown as PriorKind;
}
