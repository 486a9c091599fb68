import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import type { Given } from './given.ts';
import type { Draw } from './solver-case.ts';

/** The case's random numbers, in the order in which its code drew those that it used. */
export class Draws {
  readonly #given: Given;
  readonly #left: (Draw & { readonly tensor: string })[];
  #start: Tensor | null;

  /** @param start the solver's first draw, where that is not the code's */
  constructor(draws: readonly Draw[], given: Given, start: Tensor | null) {
    this.#given = given;
    const named = draws.map((draw, i) => ({ tensor: `draws.${String(i).padStart(4, '0')}`, ...draw }));
    this.#left = named.filter(({ used }) => used);
    this.#start = start;
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
