/** Which values of a graph could be there turned round (turned.ts), makers and users all agreeing. */
import { type LiteralNode, type Node, type OpNode, programOf } from '../graph.ts';
import { sourceOf } from '../reshape.ts';
import { type Use, usesOf } from './uses.ts';

/**
 * What a value is before it is turned: a product [N,C], also seen as [1,N,C] or [1,N,heads,d]; heads [1,heads,N,d]; tokens
 * that a transposition gave, in any of the first three shapes.
 */
export type Kind = 'product' | 'heads' | 'tokens';

export function turnable(outputs: readonly Node[]): ReadonlyMap<Node, Kind> {
  const uses = usesOf(outputs);
  const found = new Map<Node, Kind>();
  // Whole numbers are multiplied as they lie only.
  const isFloat = (node: Node): node is OpNode => node.kind === 'op' && node.dtype === 'float32';
  const nodes = programOf(outputs).order.filter(isFloat);
  for (const node of nodes) {
    const kind = kindOf(node, found);
    if (kind) found.set(node, kind);
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const node of [...found.keys()] as OpNode[]) {
      const stays =
        kindOf(node, found) && uses.get(node)!.every((use) => takes(use, found.get(node)!, found));
      if (!stays) found.delete(node);
    }
  }
  return found;
}

/** What a node is whose inputs are turned as `found` says; null: it cannot be turned. */
function kindOf(node: OpNode, found: ReadonlyMap<Node, Kind>): Kind | null {
  const [x, y, third] = node.inputs as [Node, Node, Node?];
  const kind = found.get(x) ?? null;
  switch (node.op) {
    case 'Gemm':
      return !third || third.shape.length === 1 || found.get(third) === 'product' ? 'product' : null;
    case 'MatMul':
    case 'FusedMatMul':
      return isHeads(node) && isHeads(x) && isHeads(y) ? 'heads' : null;
    case 'Mul':
      return kind === 'heads' && found.get(y) === 'heads' ? 'heads' : null;
    case 'Reshape':
      return kind !== 'heads' && keepsRows(x, node) ? kind : null;
    case 'Transpose':
      if (swapsMatrix(node))
        return sourceOf(x).kind === 'op' && MADE.has((sourceOf(x) as OpNode).op) ? null : 'tokens';
      if (!swapsHeads(node) || !kind || kind === 'tokens') return null;
      return kind === 'heads' ? 'tokens' : 'heads';
    default:
      return null;
  }
}

/** Makers of what is transposed back: those of values of the first kind. */
const MADE = new Set(['Gemm', 'Transpose']);

function takes({ user, index }: Use, kind: Kind, found: ReadonlyMap<Node, Kind>): boolean {
  if (user?.kind !== 'op') return false;
  switch (user.op) {
    case 'Gemm':
      return index < 2 ? kind === 'tokens' : kind === 'product' && found.has(user);
    case 'MatMul':
    case 'FusedMatMul':
      return kind === 'heads' && isHeads(user);
    case 'ReduceSum':
      return (
        kind === 'heads' &&
        user.attributes.keepdims === 1 &&
        String((user.inputs[1] as LiteralNode).data) === '3'
      );
    case 'Transpose':
      return swapsMatrix(user) ? kind === 'product' : found.has(user);
    default:
      return found.has(user);
  }
}

/** Rows of all heads: with more, products of turned matrices cost as much as a pass over them saves. */
const FEW_ROWS = 4096;
const isHeads = ({ shape }: Node) => shape.length === 4 && shape[0] === 1;
const hasPerm = ({ attributes, shape }: OpNode, perm: string) =>
  String(attributes.perm) === perm && shape[0] === 1;
const swapsHeads = (node: OpNode) => hasPerm(node, '0,2,1,3') && node.shape[1]! * node.shape[2]! <= FEW_ROWS;
const swapsMatrix = (node: OpNode) => hasPerm(node, '0,2,1');

/** Whether both are [N,...] or [1,N,...] with the same N. */
function keepsRows(a: Node, b: Node): boolean {
  const rows = ({ shape }: Node) => (shape.length === 2 ? shape[0]! : shape[0] === 1 ? shape[1]! : -1);
  return rows(a) === rows(b) && rows(a) > 0;
}
