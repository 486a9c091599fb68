/** ONNX forms of attention and its gradients (../../ops/attention.ts). */
import { sizeOf } from '../../shape.ts';
import type { Graph, Node } from '../graph.ts';
import { binary, filled, kernel, type Lowering, type NodeInputs } from './define.ts';
import { addMatMul, batchMatMul } from './matmul.ts';
import { after } from './order.ts';
import { concat, slice } from './shape.ts';

interface Scale {
  scale: number;
}

/**
 * Above this many scores a head (1,024 tokens that look at each other) the matrix of scores is never whole in memory, and
 * the gradient computes it again.
 */
const WHOLE_UP_TO = 1024 ** 2;
/**
 * Scores in a chunk of queries. On the CPU a chunk is of one head: its scores are still in the core's cache when the next
 * operator reads them (4 MiB). Elsewhere it is of all heads and images, for large products (64 MiB).
 */
const CHUNK_SCORES = { ofOneHead: 1 << 20, ofAllHeads: 1 << 24 } as const;

kernel('Attention', ({ q, k, v }, { scale }: Scale, lowering) =>
  inChunks(q!, k!)
    ? chunkedAttention(lowering, { q: q!, k: k!, v: v! }, scale)
    : weightedSum(lowering, softmax(lowering, q!, k!, scale), v!),
);

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
 * q and dy may be a part of the queries; then the gradients of k and v are that part's share, added to `sums`.
 * @param change dy v^T - delta, by which the scores of each query change once the weights' sum is held
 */
function gradientsFrom(
  { graph, provider }: Lowering,
  { q, k, dy }: Record<'q' | 'k' | 'dy', Node>,
  scale: number,
  change: () => Node,
  sums?: Readonly<Record<'k' | 'v', Node>>,
): Gradients {
  const weights = softmax({ graph, provider }, q, k, scale);
  const scores = () => binary(graph, 'Mul', weights, change());
  return {
    q: () => batchMatMul(graph, scores(), k, false, false, provider, scale),
    k: () => addMatMul(graph, sums?.k, scores(), q, provider, scale),
    v: () => addMatMul(graph, sums?.v, weights, dy, provider),
  };
}

/**
 * Chunk after chunk of the queries. Nothing in ONNX says that one chunk be finished before the next begins, and all their
 * scores would be in memory at once: so each chunk's queries wait for the chunk before.
 */
function chunkedAttention(lowering: Lowering, inputs: Record<'q' | 'k' | 'v', Node>, scale: number): Node {
  const { graph: g } = lowering;
  const parts: Node[] = [];
  for (const { q: queries, k, v } of groups(lowering, inputs)) {
    for (const [from, size] of chunksOf(queries, k)) {
      const q = after(g, rows(g, queries, from, size), parts.slice(-1));
      parts.push(weightedSum(lowering, softmax(lowering, q, k, scale), v));
    }
  }
  return joined(lowering, parts, [...inputs.q.shape.slice(0, 3), inputs.v.shape[3]!]);
}

/** As above; the first queries wait for the forward pass (delta comes of it), whose scores would be kept for it otherwise. */
function chunkedGradients(lowering: Lowering, inputs: NodeInputs, scale: number): Gradients {
  const { graph: g, provider } = lowering;
  const { q, k, v, dy, delta } = inputs as Record<'q' | 'k' | 'v' | 'dy' | 'delta', Node>;
  // dy v^T - delta as one product, [dy, delta] [v, -1]^T: a difference would be a pass over all scores.
  const [dyWithDelta, vWithOnes] = [concat(g, [dy, delta], 3), concat(g, [v, minusOnes(g, v)], 3)];
  const parts: Record<'q' | 'k' | 'v', Node[]> = { q: [], k: [], v: [] };
  let before: readonly Node[] = [dyWithDelta];
  for (const group of groups(lowering, { q, k, dy, dyWithDelta, vWithOnes })) {
    let sums: { k: Node; v: Node } | undefined;
    for (const [from, size] of chunksOf(group.q, group.k)) {
      const part = (x: Node) => rows(g, x, from, size);
      const chunk = { q: after(g, part(group.q), before), k: group.k, dy: part(group.dy) };
      const change = () => batchMatMul(g, part(group.dyWithDelta), group.vWithOnes, false, true, provider);
      const share = gradientsFrom(lowering, chunk, scale, change, sums);
      sums = { k: share.k(), v: share.v() };
      parts.q.push(share.q());
      before = [parts.q.at(-1)!, sums.k, sums.v];
    }
    parts.k.push(sums!.k);
    parts.v.push(sums!.v);
  }
  return {
    q: () => joined(lowering, parts.q, q.shape),
    k: () => joined(lowering, parts.k, k.shape),
    v: () => joined(lowering, parts.v, v.shape),
  };
}

/** What is computed at once: a head's matrices on the CPU, elsewhere [B,heads,N,d]. */
function groups<K extends string>(
  { reshape, graph, provider }: Lowering,
  inputs: Readonly<Record<K, Node>>,
): Record<K, Node>[] {
  const names = Object.keys(inputs) as K[];
  const make = (of: (x: Node) => Node) =>
    Object.fromEntries(names.map((name) => [name, of(inputs[name])])) as Record<K, Node>;
  if (provider !== 'cpu') return [make((x) => x)];
  const [b, heads] = inputs[names[0]!].shape as [number, number];
  return Array.from({ length: b * heads }, (_, head) =>
    make((x) => {
      const [n, d] = x.shape.slice(2) as [number, number];
      return rows(graph, reshape(x, [b * heads * n, d]), head * n, n);
    }),
  );
}

/** The results of all chunks, [B,heads,N,d] again. */
function joined({ graph, reshape }: Lowering, parts: readonly Node[], shape: readonly number[]): Node {
  return reshape(concat(graph, parts, parts[0]!.shape.length - 2), shape);
}

/** [B,heads,M,1] for v [B,heads,M,d]. */
function minusOnes(g: Graph, { shape }: Node): Node {
  return filled(g, [...shape.slice(0, -1), 1], -1, 'float32');
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

/** [first query, number of queries] of each chunk of a group. */
function chunksOf({ shape }: Node, k: Node): [number, number][] {
  const n = shape.at(-2)!;
  const matrices = sizeOf(shape.slice(0, -2));
  const scores = shape.length === 2 ? CHUNK_SCORES.ofOneHead : CHUNK_SCORES.ofAllHeads;
  const size = Math.max(64, Math.floor(scores / (matrices * k.shape.at(-2)!)));
  return Array.from({ length: Math.ceil(n / size) }, (_, i) => [i * size, Math.min(size, n - i * size)]);
}

/** Rows `from` ... of each matrix. */
function rows(g: Graph, x: Node, from: number, size: number): Node {
  const batch = x.shape.slice(0, -2);
  return slice(g, x, [...batch.map(() => 0), from, 0], [...batch, size, x.shape.at(-1)!]);
}
