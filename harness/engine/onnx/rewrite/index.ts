import type { Node } from '../graph.ts';
import type { Provider } from '../session.ts';
import { withColumnsInWeights } from './columns.ts';
import { withFewReshapes } from './reshapes.ts';
import { withScalesAtConvolutions } from './scales.ts';
import { withSumsInProducts } from './sums.ts';
import { withTurnedProducts } from './turned.ts';

/** The same outputs by fewer operators, to float32's rounding. */
export function simplified(outputs: readonly Node[], provider: Provider): Node[] {
  const joined = withSumsInProducts(withFewReshapes(withScalesAtConvolutions(outputs)));
  const folded = withColumnsInWeights(joined);
  // Only the CPU provider multiplies transposed operands in place.
  return provider === 'cpu' ? withTurnedProducts(folded) : folded;
}
