import type { Tensor } from '../engine/tf.ts';
import type { Matrix } from './matrix.ts';

/** Something for each unknown of a family. Every family here blurs; one through turbulence tilts too. */
export type ByUnknown<T> = { readonly kernel: T; readonly tilt?: T };
export type UnknownName = keyof ByUnknown<unknown>;

/** What is known of an unknown before y. */
export type Law =
  /** Examples [N,c,h,w] of its code, drawn as it is. */
  | { readonly is: 'examples'; readonly codes: Tensor }
  /** Each channel of its code is F W F^T, W standard normal, F = `factor`. */
  | { readonly is: 'gaussian field'; readonly factor: Matrix };

/** What is to be found of the operator. Its code is what a diffusion model of it models: [B,c,h,w], values around [-1,1]. */
export interface Unknown {
  /** [c,h,w] */
  readonly shape: readonly [number, number, number];
  /** What the operator takes. Differentiable. */
  decode(code: Tensor): Tensor;
  readonly law: Law;
}

/** The operators A_u of y = A_u(x) + n, where neither x nor u is known. */
export interface OperatorFamily {
  readonly name: string;
  readonly unknowns: ByUnknown<Unknown>;
  /** A_u(x) for x [B,C,H,W] and decoded u, one an image: [B,C,H,W]. Differentiable in both. */
  forward(x: Tensor, u: ByUnknown<Tensor>): Tensor;
}

/** What the family's operators take of codes, or of other things that each unknown has. */
export function mapUnknowns<T, R>(of: ByUnknown<T>, fn: (value: T, name: UnknownName) => R): ByUnknown<R> {
  return { kernel: fn(of.kernel, 'kernel'), ...(of.tilt !== undefined && { tilt: fn(of.tilt, 'tilt') }) };
}
