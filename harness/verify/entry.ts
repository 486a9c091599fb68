import type { Comparison } from './compare.ts';
import type { Given } from './given.ts';
import type { Values } from './values.ts';

/** An output: an array or a number to compare, or what the entry found itself where the format compares records. */
export type Result = Values | number | Comparison;

/** What a case can ask for. */
export interface Entry {
  readonly name: string;
  /**
   * Its gradients jump: where a ReLU or a maximum is undecided to float32 rounding, another order of additions takes the
   * other side. A case that disagrees is tried again with its inputs moved by such a rounding.
   */
  readonly jumps?: true;
  /**
   * Computes the entry's outputs, by argument name. Throws Unsupported for params that it does not know and UserError
   * for a case that lacks something.
   */
  run(given: Given): Promise<Readonly<Record<string, Result>>>;
}
