import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Given } from './given.ts';
import type { Draw, NamedDraw } from './solver-case.ts';

/** The tensor of a draw that names none: by its place among all that the code made, unused ones counted. */
export const nameOf = (place: number) => `draws.${String(place).padStart(4, '0')}`;

/** The case's random numbers, in the order in which its code drew those that it used. */
export class Draws {
  readonly #left: { readonly at: string; readonly kind: Draw['kind']; tensor(): Tensor }[];
  #start: Tensor | null;

  private constructor(
    left: { readonly at: string; readonly kind: Draw['kind']; tensor(): Tensor }[],
    start: Tensor | null,
  ) {
    this.#left = left;
    this.#start = start;
  }

  /** @param start the solver's first draw, where that is not the code's */
  static asDrawn(draws: readonly Draw[], given: Given, start: Tensor | null): Draws {
    const used = draws.flatMap(({ at, kind, used, tensor }, i) =>
      used ? [{ at, kind, tensor: () => given.tensor(tensor ?? nameOf(i)) }] : [],
    );
    return new Draws(used, start);
  }

  /** The same numbers in another form. */
  static restated(draws: readonly NamedDraw[], start: Tensor | null): Draws {
    return new Draws(
      draws.map(({ at, kind = 'normal', values }) => ({ at, kind, tensor: () => values })),
      start,
    );
  }

  /** Throws UserError where the solver asks for more than the code drew, for another kind or another shape. */
  next(kind: Draw['kind'], role: 'initial' | 'step', shape: readonly number[]): Tensor {
    if (role === 'initial' && this.#start) {
      const start = this.#start;
      this.#start = null;
      return tf.clone(start);
    }
    const draw = this.#left.shift();
    if (!draw) throw new UserError('the solver draws more than the official code did');
    if (draw.kind !== kind)
      throw new UserError(`draw '${draw.at}' is ${draw.kind}; the solver asks for a ${kind} one`);
    const tensor = draw.tensor();
    if (tensor.shape.slice(1).join() !== shape.join())
      throw new UserError(`draw '${draw.at}' is [${tensor.shape.slice(1)}]; the solver asks for [${shape}]`);
    return tensor;
  }

  refuseLeftOver(): void {
    const [next] = this.#left;
    if (next) throw new UserError(`the solver left ${this.#left.length} draws, the first '${next.at}'`);
  }
}
