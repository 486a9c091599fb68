import type { Tensor } from './tf.ts';

/** A tree of tensors: what a compiled step takes and returns. */
export type Tree = Tensor | { readonly [key: string]: Tree } | readonly Tree[];

/** The same tree where a caller may also pass a number for a scalar: it becomes a feed, never a literal of the graph. */
export type Feeds<T> = T extends Tensor ? T | number : { [K in keyof T]: Feeds<T[K]> };

/** A step: traced once for each structure of its arguments, then run as one graph. */
export type Compiled<A, R> = (args: Feeds<A>) => Promise<R>;

/** Makes a step of a pure function of tensors. Every value that varies between calls must be an argument. */
export type Compile = <A extends Tree, R extends Tree>(fn: (args: A) => R) => Compiled<A, R>;
