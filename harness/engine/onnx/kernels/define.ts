import { type DataType, type NamedAttrMap, type TensorInfo, tf } from '../../tf.ts';
import type { OnnxBackend } from '../backend.ts';
import type { Attributes, ElementType, Graph, Node, OpNode } from '../graph.ts';
import type { Provider } from '../session.ts';

export const BACKEND = 'onnx';

/** Inputs of a kernel by tfjs's names; a kernel that takes a list finds it under '0', '1', ... */
export type NodeInputs = Readonly<Record<string, Node>>;

export interface Lowering {
  graph: Graph;
  reshape(node: Node, shape: readonly number[]): Node;
  readonly provider: Provider;
}

type Result = Node | readonly Node[];

/** Maps a tfjs kernel to ONNX operators. `dtype`: of the results, in tfjs's words, by default that of the first input. */
export function kernel(
  name: string,
  lower: (inputs: NodeInputs, attrs: never, lowering: Lowering) => Result,
  dtype?: (inputs: readonly TensorInfo[], attrs: NamedAttrMap) => DataType | readonly DataType[],
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const onnx = backend as unknown as OnnxBackend;
      const nodes: Record<string, Node> = {};
      const infos: TensorInfo[] = [];
      for (const [key, value] of Object.entries(inputs)) {
        if (value == null) continue;
        nodes[key] = onnx.node(value as TensorInfo);
        infos.push(value as TensorInfo);
      }
      const types = [dtype ? dtype(infos, attrs ?? {}) : infos[0]!.dtype].flat();
      const wrap = (node: Node, i: number) => onnx.wrap(node, types[i] ?? types[0]!);
      const result = lower(nodes, (attrs ?? {}) as never, {
        graph: onnx.graph,
        reshape: (n, s) => onnx.reshape(n, s),
        provider: onnx.sessions.provider,
      });
      return Array.isArray(result) ? result.map(wrap) : wrap(result as Node, 0);
    },
  });
}

export const listOf = (inputs: NodeInputs): Node[] => Object.values(inputs);
export const toFloat = (): DataType => 'float32';
export const toBool = (): DataType => 'bool';
export const toInt = (): DataType => 'int32';

export function broadcast(a: Node, b: Node): number[] {
  return tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
}

/** An element-wise operator of two broadcastable inputs. */
export function binary(g: Graph, op: string, a: Node, b: Node, dtype: ElementType = a.dtype): OpNode {
  return g.op(op, [a, b], { dtype, shape: broadcast(a, b) });
}

export function unary(g: Graph, op: string, x: Node, attributes: Attributes = {}, domain = ''): OpNode {
  return g.op(op, [x], { dtype: x.dtype, shape: x.shape, attributes, domain });
}

export function cast(g: Graph, x: Node, to: ElementType): Node {
  if (x.dtype === to) return x;
  const code = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 }[to];
  return g.op('Cast', [x], { dtype: to, shape: x.shape, attributes: { to: code } });
}

/** A literal scalar of the node's type. */
export function scalarLike(g: Graph, x: Node, value: number): Node {
  return filled(g, [], value, x.dtype);
}

/** A tensor filled with one value. */
export function filled(g: Graph, shape: readonly number[], value: number, dtype: ElementType): Node {
  const data =
    dtype === 'float32'
      ? Float32Array.of(value)
      : dtype === 'bool'
        ? Uint8Array.of(value)
        : Int32Array.of(value);
  const scalar = g.literal(data, [], dtype);
  return shape.length === 0 ? scalar : g.op('Expand', [scalar, g.int64(shape)], { dtype, shape });
}
