/**
 * Numbers that each image of a batch has for itself. Cells that differ in nothing else share a batch, so that a sweep of step
 * sizes runs as one.
 */
import type { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Params } from '../identity/refs.ts';

declare const PER_IMAGE: unique symbol;

/** Marks the schema of such a number. */
export interface PerImage {
  readonly [PER_IMAGE]: true;
}

/**
 * Declares a number that a solver's steps use as a factor, and nothing else: no loop, no branch and no grid may ask for it.
 * `solve` is given a tensor [B] of it, and applies that by `scaled`; `passes` and the experiment's file know the number.
 * @param schema complete, with its default and description
 */
export function perImage<S extends z.ZodType<number, number | undefined>>(schema: S): S & PerImage {
  return schema.meta({ ...schema.meta(), perImage: true }) as S & PerImage;
}

/** What `solve` is given: a tensor [B] of each number that was declared so, all else as its schema has it. */
export type InSolve<P extends z.ZodObject> = {
  [Name in keyof z.infer<P>]: Name extends keyof P['shape']
    ? P['shape'][Name] extends PerImage
      ? Tensor
      : z.infer<P>[Name]
    : z.infer<P>[Name];
};

/** Names of the parameters that were declared so. */
export function perImageParameters(params: z.ZodObject): string[] {
  return Object.entries(params.shape).flatMap(([name, schema]) =>
    (schema as z.ZodType).meta()?.perImage === true ? [name] : [],
  );
}

/**
 * What `solve` is given for a batch.
 * @param ofEach each image's parameters, checked; they differ in numbers of its own alone
 */
export function inSolve<P extends z.ZodObject>(params: P, ofEach: readonly Params[]): InSolve<P> {
  const own = perImageParameters(params).map((name) => {
    const numbers = ofEach.map(({ [name]: value }) => value);
    if (!numbers.every((value) => typeof value === 'number'))
      throw new Error(`${name}: declared by perImage, which is for numbers alone`);
    return [name, Object.assign(tf.tensor1d(numbers), { [Symbol.toPrimitive]: () => refuse(name) })];
  });
  return { ...ofEach[0], ...Object.fromEntries(own) } as InSolve<P>;
}

/** A plug-in in JavaScript may compare or multiply a tensor as if it were a number: that is NaN, or false, in silence. */
function refuse(name: string): never {
  throw new Error(
    `${name} is a tensor of a number an image: use it by scaled() or alike(), in no branch and no loop`,
  );
}

/** Each image of x [B,...] times its own number, of [B]. */
export function scaled(factor: Tensor, x: Tensor): Tensor {
  return tf.mul(alike(factor, x), x);
}

/** [B] as [B,1,...], of x's rank: what broadcasts to an image each. */
export function alike(numbers: Tensor, x: Tensor): Tensor {
  return tf.reshape(numbers, [-1, ...x.shape.slice(1).map(() => 1)]);
}
