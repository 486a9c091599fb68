import { sizeOf } from '../../shape.ts';
import type { Graph, Node } from '../graph.ts';
import type { Provider } from '../session.ts';
import { binary, kernel } from './define.ts';
import { transpose } from './shape.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

kernel('BatchMatMul', ({ a, b }, { transposeA, transposeB }: MatMulAttrs, { graph, reshape, provider }) => {
  // A batch of one matrix on both sides is Gemm's case, which packs a constant b once.
  if (rows(a!) === 1 && rows(b!) === 1) {
    const product = gemm(
      graph,
      reshape(a!, a!.shape.slice(-2)),
      reshape(b!, b!.shape.slice(-2)),
      transposeA,
      transposeB,
    );
    return reshape(product, [...batchShape(a!, b!), ...product.shape]);
  }
  return batchMatMul(graph, a!, b!, transposeA, transposeB, provider);
});

/** scale op(a) op(b) of two batches of matrices. Only the CPU provider multiplies transposed operands in place. */
export function batchMatMul(
  g: Graph,
  a: Node,
  b: Node,
  transA: boolean,
  transB: boolean,
  provider: Provider,
  scale = 1,
): Node {
  const shape = [...batchShape(a, b), a.shape.at(transA ? -1 : -2)!, b.shape.at(transB ? -2 : -1)!];
  if (provider !== 'cpu' || (!transA && !transB && scale === 1)) {
    const inputs = [transA ? swapLast(g, a) : a, transB ? swapLast(g, b) : b];
    const product = g.op('MatMul', inputs, { dtype: a.dtype, shape });
    return scale === 1 ? product : binary(g, 'Mul', product, g.float(scale));
  }
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: scale };
  return g.op('FusedMatMul', [a, b], { dtype: a.dtype, shape, attributes, domain: 'com.microsoft' });
}

/** sum + scale a^T b of two batches of matrices, in place where each is one matrix. */
export function addMatMul(
  g: Graph,
  sum: Node | undefined,
  a: Node,
  b: Node,
  provider: Provider,
  scale = 1,
): Node {
  if (sum === undefined || a.shape.length > 2) {
    const product = batchMatMul(g, a, b, true, false, provider, scale);
    return sum === undefined ? product : binary(g, 'Add', sum, product);
  }
  const attributes = { transA: 1, alpha: scale };
  return g.op('Gemm', [a, b, sum], { dtype: a.dtype, shape: sum.shape, attributes });
}

function swapLast(g: Graph, x: Node): Node {
  const rank = x.shape.length;
  return transpose(g, x, [...x.shape.slice(0, -2).keys(), rank - 1, rank - 2]);
}

/** Number of matrices in a batch. */
function rows(x: Node): number {
  return sizeOf(x.shape.slice(0, -2));
}

function batchShape(a: Node, b: Node): number[] {
  const rank = Math.max(a.shape.length, b.shape.length) - 2;
  const dim = (x: Node, i: number): number => x.shape[i - rank + x.shape.length - 2] ?? 1;
  return Array.from({ length: rank }, (_, i) => Math.max(dim(a, i), dim(b, i)));
}

/** op(a) op(b) of two matrices. */
function gemm(g: Graph, a: Node, b: Node, transA: boolean, transB: boolean): Node {
  const shape = [a.shape[transA ? 1 : 0]!, b.shape[transB ? 0 : 1]!];
  return g.op('Gemm', [a, b], {
    dtype: a.dtype,
    shape,
    attributes: { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
  });
}
