import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Given } from './given.ts';
import type { Draw } from './solver-case.ts';

/** The case's random numbers, in the order in which its code drew those that it used. */
export class Draws {
  readonly #given: Given;
  readonly #left: Draw[];
  #start: Tensor | null;

  /** @param start the solver's first draw, where that is not the code's */
  constructor(draws: readonly Draw[], given: Given, start: Tensor | null) {
    this.#given = given;
    this.#left = draws.filter(({ used }) => used);
    this.#start = start;
  }

  /** Throws UserError where the solver asks for more than the code drew, or for another shape. */
  next(role: 'initial' | 'step', shape: readonly number[]): Tensor {
    if (role === 'initial' && this.#start) {
      const start = this.#start;
      this.#start = null;
      return tf.clone(start);
    }
    const draw = this.#left.shift();
    if (!draw?.tensor) throw new UserError('the solver draws more than the official code did');
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
