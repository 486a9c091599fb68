/** What all inversions are to the harness: a way from a picture to noise and back, as a solver of `invert` and one of `edit`. */
import type { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import type { PriorWith } from '../../priors/prior.ts';
import type { Prompt } from '../checked-parameters.ts';
import type { Run } from '../run.ts';
import { defineSolver, type Solver } from '../solver.ts';
import { cfgScale, ownCaption } from './parameters.ts';

/** What is inverted: pictures [B,C,H,W] in [-1,1] and their latents [B,c,h,w], with prompt embeddings [B,L,D]. */
export interface Told {
  readonly x: Tensor;
  readonly z0: Tensor;
  /** Of what the pictures show: the way up. */
  readonly source: Tensor;
  /** Of what they are to show: the way down. `source` itself where nothing is to be edited. */
  readonly target: Tensor;
  /** Of the empty prompt. */
  readonly empty: Tensor;
}

/** What has come of it. */
export interface Remade {
  /** The noise that was found, [B,c,h,w]: x_t at the top of the way. */
  readonly noise: Tensor;
  /** The latents that the way down ends in, [B,c,h,w]. */
  readonly z: Tensor;
}

/** A method of inversion, in latents of a prior that takes prompts. */
export interface Inversion<P extends z.ZodObject = z.ZodObject>
  extends Pick<Solver, 'name' | 'title' | 'version' | 'paper'> {
  readonly params: P;
  /** The scale of guidance of edits, where `cfgScale` is a parameter and its default for them is another one. */
  readonly editScale?: number;
  /** Forward passes of the network that an image takes. */
  passes(p: z.infer<P>, edits: boolean): number;
  remake(told: Told, prior: PriorWith<'autoencoder' | 'text'>, p: z.infer<P>, run: Run): Promise<Remade>;
}

/** Keeps the type of the parameters while solvers hold inversions uniformly. */
export function defineInversion<P extends z.ZodObject>(inversion: Inversion<P>): Inversion {
  return inversion as unknown as Inversion;
}

const requires = { autoencoder: true, text: true } as const;

/** The picture made again under the prompt that it was inverted with. */
export function inverter({ remake, passes, editScale: _, ...inversion }: Inversion): Solver<'invert'> {
  return defineSolver({
    ...inversion,
    solves: 'invert',
    requires,
    params: inversion.params.extend({ prompt: ownCaption }),
    passes: (p) => passes(p, false),
    async solve({ x, captions }, prior, p, run) {
      const source = prior.text.embed(run.each(p.prompt as Prompt, captions));
      const empty = prior.text.embed(run.each(''));
      const told = { x, z0: prior.autoencoder.encode(x), source, target: source, empty };
      const { noise, z } = await remake(told, prior, p, run);
      return { x: prior.autoencoder.decode(z), noise };
    },
  });
}

/** The picture inverted under its caption and made again under the wanted one's. */
export function editor({ remake, passes, editScale, ...inversion }: Inversion): Solver<'edit'> {
  const { name, title = name, params } = inversion;
  return defineSolver({
    ...inversion,
    name: `${name}-edit`,
    title: `${title}, edit`,
    solves: 'edit',
    requires,
    params: editScale === undefined ? params : params.extend({ cfgScale: cfgScale(editScale) }),
    passes: (p) => passes(p, true),
    async solve({ x, captions, targets }, prior, p, run) {
      const [source, target, empty] = [captions, targets, run.each('')].map((prompts) =>
        prior.text.embed(prompts),
      ) as [Tensor, Tensor, Tensor];
      const { noise, z } = await remake(
        { x, z0: prior.autoencoder.encode(x), source, target, empty },
        prior,
        p,
        run,
      );
      noise.dispose();
      return { x: prior.autoencoder.decode(z) };
    },
  });
}
