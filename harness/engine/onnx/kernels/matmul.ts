import type { Graph, Node } from '../graph.ts';
import { kernel } from './define.ts';

interface MatMulAttrs {
  transposeA: boolean;
  transposeB: boolean;
}

kernel('BatchMatMul', ({ a, b }, { transposeA, transposeB }: MatMulAttrs, { graph, reshape }) => {
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
  const [m, n] = [a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!];
  const shape = [...batchShape(a!, b!), m, n];
  if (!transposeA && !transposeB) return graph.op('MatMul', [a!, b!], { dtype: a!.dtype, shape });
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  return graph.op('FusedMatMul', [a!, b!], { dtype: a!.dtype, shape, attributes, domain: 'com.microsoft' });
});

/** Number of matrices in a batch. */
function rows(x: Node): number {
  return x.shape.slice(0, -2).reduce((p, d) => p * d, 1);
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
