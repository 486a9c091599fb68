import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Given } from './given.ts';
import type { Draw } from './solver-case.ts';

/** The tensor of a draw that names none: by its place among all that the code made, unused ones counted. */
const nameOf = (place: number) => `draws.${String(place).padStart(4, '0')}`;

/** The case's random numbers, in the order in which its code drew those that it used. */
export class Draws {
  readonly #given: Given;
  readonly #left: { readonly at: string; readonly tensor: string }[];
  readonly #starts: Tensor[];

  /** @param starts the solver's first draws, where those are not the code's */
  constructor(draws: readonly Draw[], given: Given, starts: readonly Tensor[]) {
    this.#given = given;
    this.#left = draws
      .map(({ at, used, tensor }, i) => ({ at, used, tensor: tensor ?? nameOf(i) }))
      .filter(({ used }) => used);
    this.#starts = [...starts];
  }

  /** Throws UserError where the solver asks for more than the code drew, or for another shape. */
  next(role: 'initial' | 'step', shape: readonly number[]): Tensor {
    if (role === 'initial') {
      const start = this.#starts.shift();
      if (start) return tf.clone(start);
    }
    const draw = this.#left.shift();
    if (!draw) throw new UserError('the solver draws more than the official code did');
    const tensor = this.#given.tensor(draw.tensor);
    if (tensor.shape.slice(1).join() !== shape.join())
      throw new UserError(`draw '${draw.at}' is [${tensor.shape.slice(1)}]; the solver asks for [${shape}]`);
    return tensor;
  }

  refuseLeftOver(): void {
    const [next] = this.#left;
    if (next) throw new UserError(`the solver left ${this.#left.length} draws, the first '${next.at}'`);
  }
}
