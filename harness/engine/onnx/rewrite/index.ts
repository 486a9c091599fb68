import type { Node } from '../graph.ts';
import { withFewReshapes } from './reshapes.ts';
import { withSumsInProducts } from './sums.ts';

/** The same outputs by fewer operators, to float32's rounding. */
export function simplified(outputs: readonly Node[]): Node[] {
  return withSumsInProducts(withFewReshapes(outputs));
}
