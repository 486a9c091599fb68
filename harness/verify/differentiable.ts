import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Given } from './given.ts';
import { Unsupported } from './unsupported.ts';
import { fromTensor, type Values } from './values.ts';

/** The params that every differentiable entry has besides its own; all names are of arguments. */
export const derivedParams = {
  /** output = d sum(weight * of) / d wrt; no weight: 1. */
  gradients: z
    .array(
      z.strictObject({ output: z.string(), of: z.string(), weight: z.string().nullable(), wrt: z.string() }),
    )
    .default([]),
  /** output [1] = sum(weight * of). */
  sums: z
    .array(z.strictObject({ output: z.string(), of: z.string(), weight: z.string().nullable() }))
    .default([]),
};
export type DerivedParams = z.infer<z.ZodObject<typeof derivedParams>>;

type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Computes a function's outputs, and the gradients and sums that the params ask for, in one compiled step.
 * @param variables what gradients can be taken with respect to
 */
export async function evaluate(
  given: Given,
  { gradients, sums }: DerivedParams,
  variables: Tensors,
  forward: (variables: Tensors) => Tensors,
): Promise<Record<string, Values>> {
  for (const { wrt } of gradients) {
    if (!Object.hasOwn(variables, wrt))
      throw new Unsupported(`params.gradients: no gradient with respect to '${wrt}'`);
  }
  const weightNames = new Set([...gradients, ...sums].flatMap(({ weight }) => weight ?? []));
  const weights = Object.fromEntries([...weightNames].map((name) => [name, given.tensor(name)]));

  const step = given.device.compile((args: { variables: Tensors; weights: Tensors }) => {
    const outputs = forward(args.variables);
    const total = (of: Tensors, { of: name, weight }: { of: string; weight: string | null }) => {
      const output = of[name];
      if (!output) throw new Unsupported(`params: there is no output '${name}' to derive from`);
      return tf.sum(weight === null ? output : tf.mul(args.weights[weight]!, output));
    };
    const derived = [
      ...sums.map((sum) => [sum.output, tf.reshape(total(outputs, sum), [1])] as const),
      ...gradients.map((gradient) => {
        const { output, wrt } = gradient;
        // The same operations once more: a graph computes equal nodes once.
        const f = (x: Tensor) => total(forward({ ...args.variables, [wrt]: x }), gradient);
        return [output, tf.grad(f)(args.variables[wrt]!)] as const;
      }),
    ];
    return { ...outputs, ...Object.fromEntries(derived) };
  });
  const results = Object.entries(await step({ variables, weights }));
  return Object.fromEntries(
    await Promise.all(results.map(async ([name, tensor]) => [name, await fromTensor(tensor)] as const)),
  );
}
