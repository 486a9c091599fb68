/** ONNX forms of attention and its gradients (../../ops/attention.ts). */
import type { Graph, Node } from '../graph.ts';
import { binary, filled, kernel, type Lowering, type NodeInputs } from './define.ts';
import { batchMatMul } from './matmul.ts';
import { concat, slice, transpose } from './shape.ts';

interface Scale {
  scale: number;
}

/**
 * Above this many scores a head (1,024 tokens that look at each other) the matrix of scores is never whole in memory, and
 * the gradient computes it again.
 */
const WHOLE_UP_TO = 1024 ** 2;
/** Scores of all heads and images in a chunk of queries: 64 MiB. Smaller chunks cost time, halves of it 4 % of a gradient. */
const CHUNK_SCORES = 1 << 24;

kernel('Attention', ({ q, k, v }, { scale }: Scale, lowering) => {
  if (!inChunks(q!, k!)) return weightedSum(lowering, softmax(lowering, q!, k!, scale), v!);
  if (lowering.provider === 'cpu') return flash(lowering, q!, k!, v!, scale);
  const parts = chunksOf(q!, k!).map(([from, size]) => {
    const rows = part(lowering.graph, q!, from, size);
    return weightedSum(lowering, softmax(lowering, rows, k!, scale), v!);
  });
  return concat(lowering.graph, parts, 2);
});

kernel('AttentionGradQ', (inputs, { scale }: Scale, lowering) => gradients(lowering, inputs, scale).q());
kernel('AttentionGradK', (inputs, { scale }: Scale, lowering) => gradients(lowering, inputs, scale).k());
kernel('AttentionGradV', (inputs, { scale }: Scale, lowering) => gradients(lowering, inputs, scale).v());

type Gradients = Readonly<Record<'q' | 'k' | 'v', () => Node>>;

function gradients(lowering: Lowering, inputs: NodeInputs, scale: number): Gradients {
  return inChunks(inputs.q!, inputs.k!)
    ? chunkedGradients(lowering, inputs, scale)
    : wholeGradients(lowering, inputs, scale);
}

function wholeGradients(lowering: Lowering, inputs: NodeInputs, scale: number): Gradients {
  const { graph, provider } = lowering;
  const { v, dy, delta } = inputs as Record<'v' | 'dy' | 'delta', Node>;
  const change = () => binary(graph, 'Sub', batchMatMul(graph, dy, v, false, true, provider), delta);
  return gradientsFrom(lowering, inputs as Record<'q' | 'k' | 'dy', Node>, scale, change);
}

/**
 * q and dy may be a part of the queries; then the gradients of k and v are that part's share.
 * @param change dy v^T - delta, by which the scores of each query change once the weights' sum is held
 */
function gradientsFrom(
  { graph, provider }: Lowering,
  { q, k, dy }: Record<'q' | 'k' | 'dy', Node>,
  scale: number,
  change: () => Node,
): Gradients {
  const weights = softmax({ graph, provider }, q, k, scale);
  const scores = () => binary(graph, 'Mul', weights, change());
  return {
    q: () => batchMatMul(graph, scores(), k, false, false, provider, scale),
    k: () => batchMatMul(graph, scores(), q, true, false, provider, scale),
    v: () => batchMatMul(graph, weights, dy, true, false, provider),
  };
}

/**
 * Chunk after chunk of the queries. Nothing in ONNX says that one chunk be finished before the next begins, and all their
 * scores would be in memory at once: so each chunk's queries wait for the chunk before, and the first ones for the
 * forward pass (delta comes of it), whose scores would be kept for it otherwise.
 */
function chunkedGradients(lowering: Lowering, inputs: NodeInputs, scale: number): Gradients {
  const { graph: g, provider } = lowering;
  const { q: queries, k, v, dy: dys, delta } = inputs as Record<'q' | 'k' | 'v' | 'dy' | 'delta', Node>;
  // dy v^T - delta as one product, [dy, delta] [v, -1]^T: a difference would be a pass over all scores.
  const [dysWithDelta, vWithOnes] = [concat(g, [dys, delta], 3), concat(g, [v, minusOnes(g, v)], 3)];
  const parts: Node[] = [];
  let sums: { k: Node; v: Node } | null = null;
  for (const [from, size] of chunksOf(queries, k)) {
    const [q, dy, dyWithDelta] = [queries, dys, dysWithDelta].map((x) => part(g, x, from, size));
    const before = sums ? [parts.at(-1)!, sums.k, sums.v] : [dyWithDelta!];
    const chunk = { q: after(g, q!, before), k, dy: dy! };
    const change = () => batchMatMul(g, dyWithDelta!, vWithOnes, false, true, provider);
    const share = gradientsFrom(lowering, chunk, scale, change);
    parts.push(share.q());
    sums = {
      k: sums ? binary(g, 'Add', sums.k, share.k()) : share.k(),
      v: sums ? binary(g, 'Add', sums.v, share.v()) : share.v(),
    };
  }
  return { q: () => concat(g, parts, 2), k: () => sums!.k, v: () => sums!.v };
}

/** [B,heads,M,1] for v [B,heads,M,d]. */
function minusOnes(g: Graph, { shape }: Node): Node {
  return filled(g, [...shape.slice(0, -1), 1], -1, 'float32');
}

/** x, available once `done` are: a zero times one element of each is added to it. */
function after(g: Graph, x: Node, done: readonly Node[]): Node {
  const origin = (n: Node) => slice(g, n, [0, 0, 0, 0], [1, 1, 1, 1]);
  const sum = done.map(origin).reduce((a, b) => binary(g, 'Add', a, b));
  return binary(g, 'Add', x, binary(g, 'Mul', sum, g.float(0)));
}

/** The CPU provider's own operator: takes tokens [B,N,heads*d] and holds a small block of scores at a time. */
function flash({ graph: g, reshape }: Lowering, q: Node, k: Node, v: Node, scale: number): Node {
  const tokens = (x: Node) => {
    const [b, heads, n, d] = x.shape as [number, number, number, number];
    return reshape(transpose(g, x, [0, 2, 1, 3]), [b, n, heads * d]);
  };
  const [b, heads, n] = q.shape as [number, number, number];
  const d = v.shape[3]!;
  const out = g.op('MultiHeadAttention', [tokens(q), tokens(k), tokens(v)], {
    dtype: 'float32',
    shape: [b, n, heads * d],
    attributes: { num_heads: heads, scale },
    domain: 'com.microsoft',
  });
  return transpose(g, reshape(out, [b, n, heads, d]), [0, 2, 1, 3]);
}

type Device = Pick<Lowering, 'graph' | 'provider'>;

function softmax({ graph, provider }: Device, q: Node, k: Node, scale: number): Node {
  const scores = batchMatMul(graph, q, k, false, true, provider, scale);
  return graph.op('Softmax', [scores], {
    dtype: 'float32',
    shape: scores.shape,
    attributes: { axis: scores.shape.length - 1 },
  });
}

function weightedSum({ graph, provider }: Device, weights: Node, v: Node): Node {
  return batchMatMul(graph, weights, v, false, false, provider);
}

function inChunks(q: Node, k: Node): boolean {
  return q.shape[2]! * k.shape[2]! > WHOLE_UP_TO;
}

/** [first query, number of queries] of each chunk. */
function chunksOf(q: Node, k: Node): [number, number][] {
  const [b, heads, n] = q.shape as [number, number, number];
  const size = Math.max(64, Math.floor(CHUNK_SCORES / (b * heads * k.shape[2]!)));
  return Array.from({ length: Math.ceil(n / size) }, (_, i) => [i * size, Math.min(size, n - i * size)]);
}

/** Rows `from` ... of each head. */
function part(g: Graph, x: Node, from: number, size: number): Node {
  const [b, heads, , d] = x.shape as [number, number, number, number];
  return slice(g, x, [0, 0, from, 0], [b, heads, size, d]);
}
