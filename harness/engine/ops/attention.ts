import { type Tensor, tf } from '../tf.ts';
import { operator } from './define.ts';

/** x [..., I], w [O,I], bias [O] or null -> [..., O]. */
export function linear(x: Tensor, w: Tensor, bias: Tensor | null): Tensor {
  const y = tf.matMul(tf.reshape(x, [-1, x.shape[x.rank - 1]!]), w, false, true);
  return tf.reshape(bias ? tf.add(y, bias) : y, [...x.shape.slice(0, -1), w.shape[0]!]);
}

interface Scale {
  scale: number;
}
type Inputs = Record<string, Tensor>;

function probabilities({ q, k }: Inputs, scale: number, bias: Tensor | null = null): Tensor {
  const scores = tf.matMul(tf.mul(q!, scale), k!, false, true);
  return tf.softmax(bias ? tf.add(scores, bias) : scores);
}

/** dS = P (dP - delta) with dP = dy v^T and delta = rowsum(dy o), which is rowsum(P dP) without the large product. */
function scoresGradient(inputs: Inputs, scale: number): Tensor {
  const { dy, v, delta } = inputs;
  return tf.mul(probabilities(inputs, scale), tf.sub(tf.matMul(dy!, v!, false, true), delta!));
}

/** One operator for each gradient, so that one which nobody asks for is not computed. */
const gradQ = operator<Scale>('AttentionGradQ', (inputs, { scale }) =>
  tf.mul(tf.matMul(scoresGradient(inputs, scale), inputs.k!), scale),
);
const gradK = operator<Scale>('AttentionGradK', (inputs, { scale }) =>
  tf.mul(tf.matMul(scoresGradient(inputs, scale), inputs.q!, true), scale),
);
const gradV = operator<Scale>('AttentionGradV', (inputs, { scale }) =>
  tf.matMul(probabilities(inputs, scale), inputs.dy!, true),
);

const attend = operator<Scale>(
  'Attention',
  (inputs, { scale }) => tf.matMul(probabilities(inputs, scale), inputs.v!),
  {
    save: ['q', 'k', 'v'],
    saveResult: true,
    grad: (dy, [q, k, v, o], attrs) => {
      const inputs = () => ({ q: q!, k: k!, v: v!, dy, delta: tf.sum(tf.mul(dy, o!), -1, true) });
      return {
        q: () => gradQ(inputs(), attrs),
        k: () => gradK(inputs(), attrs),
        v: () => gradV(inputs(), attrs),
      };
    },
  },
);

/**
 * Scaled dot-product attention, softmax(scale * q k^T + bias) v.
 * q [B,heads,N,d], k and v [B,heads,M,d]; bias broadcastable to [B,heads,N,M] or null.
 */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  scale: number,
  bias: Tensor | null = null,
): Tensor {
  return bias ? tf.matMul(probabilities({ q, k }, scale, bias), v) : attend({ q, k, v }, { scale });
}
