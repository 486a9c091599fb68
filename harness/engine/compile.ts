import { type Tensor, tf } from './tf.ts';

/** A tree of tensors: what a compiled step takes and returns. */
export type Tree = Tensor | { readonly [key: string]: Tree } | readonly Tree[];

/** The same tree where a caller may also pass a number for a scalar: it becomes a feed, never a literal of the graph. */
export type Feeds<T> = T extends Tensor ? T | number : { [K in keyof T]: Feeds<T[K]> };

/** A step: traced once for each structure of its arguments, then run as one graph. */
export type Compiled<A, R> = (args: Feeds<A>) => Promise<R>;

/** Makes a step of a pure function of tensors. Every value that varies between calls must be an argument. */
export type Compile = <A extends Tree, R extends Tree>(fn: (args: A) => R) => Compiled<A, R>;

/** A leaf of an argument tree. */
export type Leaf = Tensor | number;
type LeafTree<L> = L | { readonly [key: string]: LeafTree<L> } | readonly LeafTree<L>[];

/** The leaves of a tree, depth first, and the key of its structure. */
export function flatten(tree: LeafTree<Leaf>): { leaves: Leaf[]; structure: string } {
  const leaves: Leaf[] = [];
  const walk = (node: LeafTree<Leaf>): string => {
    if (typeof node === 'number' || node instanceof tf.Tensor) {
      leaves.push(node);
      return typeof node === 'number' ? 'float32[]' : `${node.dtype}[${node.shape}]`;
    }
    if (Array.isArray(node)) return `(${node.map(walk).join()})`;
    return `{${Object.entries(node)
      .map(([key, child]) => `${key}:${walk(child)}`)
      .join()}}`;
  };
  return { structure: walk(tree), leaves };
}

/** A tree of the same structure with its leaves replaced, in the order of `flatten`. */
export function unflatten<T>(like: LeafTree<Leaf>, leaves: readonly T[]): LeafTree<T> {
  let next = 0;
  const walk = (node: LeafTree<Leaf>): LeafTree<T> => {
    if (typeof node === 'number' || node instanceof tf.Tensor) return leaves[next++]!;
    if (Array.isArray(node)) return node.map(walk);
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
  };
  return walk(like);
}

/** `compile` for backends that run each operator at once: the step is simply called. */
export const compileEager = ((fn: (args: unknown) => Tensor) => async (args: LeafTree<Leaf>) =>
  tf.tidy(() => {
    const tensors = flatten(args).leaves.map((leaf) => (typeof leaf === 'number' ? tf.scalar(leaf) : leaf));
    return fn(unflatten(args, tensors));
  })) as unknown as Compile;
