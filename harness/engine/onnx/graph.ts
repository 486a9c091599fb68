import { createHash } from 'node:crypto';
import type { DataType } from '../tf.ts';
import type { MappedWeight } from '../weight.ts';

/** float16: inside graphs only (half-precision.ts). */
export type ElementType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool';
/** Of a tensor of TensorFlow.js. Throws Error for a type that no graph has. */
export function elementType(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`the onnx backend holds float32, int32 and bool, not ${dtype}`);
}

export type Attribute = number | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;
export type ElementData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

interface Value {
  /** Unique over the process, so that keys of nodes never collide. */
  readonly id: number;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

/** Data given at each run: an argument or a captured tensor. */
export interface FeedNode extends Value {
  readonly kind: 'feed';
}

/** A weight. Part of the compiled model; its bytes stay where the file, or the buffer read from it, has them. */
export interface ConstantNode extends Value {
  readonly kind: 'constant';
  readonly data: ConstantData;
}
export type ConstantData = Float32Array | Int32Array | MappedWeight;

/** A value known while tracing (axes, shapes, masks): part of the graph's structure. */
export interface LiteralNode extends Value {
  readonly kind: 'literal';
  readonly data: ElementData;
  readonly digest: string;
}

/** The result of an ONNX operator; `outputs` > 1 makes it a tuple of which ItemNodes pick. */
export interface OpNode extends Value {
  readonly kind: 'op';
  readonly op: string;
  readonly domain: string;
  readonly attributes: Attributes;
  readonly inputs: readonly Node[];
  readonly outputs: number;
}

/** A function that runs as a graph of its own between parts of this one (../border.ts); ItemNodes pick its results. */
export interface CallNode extends Value {
  readonly kind: 'call';
  readonly callee: Callee;
  readonly inputs: readonly Node[];
  readonly outputs: number;
}

/** What a CallNode runs. */
export interface Callee {
  readonly program: Program;
  /** For each feed of the program the index of an input, or the data it always has. */
  readonly sources: readonly (number | HostTensor)[];
}

export interface ItemNode extends Value {
  readonly kind: 'item';
  readonly of: OpNode | CallNode;
  readonly index: number;
}

export type Node = FeedNode | ConstantNode | LiteralNode | OpNode | CallNode | ItemNode;

/** Data on the host. */
export interface HostTensor {
  dtype: ElementType;
  shape: readonly number[];
  data: HostData;
}
export type HostData = Float32Array | Int32Array | Uint8Array;

let nextId = 0;

export function feedNode(dtype: ElementType, shape: readonly number[]): FeedNode {
  return { kind: 'feed', id: nextId++, dtype, shape };
}

export function constantNode(data: ConstantData, shape: readonly number[]): ConstantNode {
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  return { kind: 'constant', id: nextId++, dtype, shape, data };
}

interface OpSpec {
  dtype: ElementType;
  shape: readonly number[];
  attributes?: Attributes;
  domain?: string;
  outputs?: number;
}

/**
 * Records operators. Structurally equal nodes are one node (hash-consing), so common sub-expressions, such as the
 * network pass that a sampler and its gradient share, are computed once.
 */
export class Graph {
  readonly #nodes = new Map<string, Node>();

  op(
    op: string,
    inputs: readonly Node[],
    { dtype, shape, attributes = {}, domain = '', outputs = 1 }: OpSpec,
  ): OpNode {
    const key = `${domain}:${op}(${inputs.map((n) => n.id).join()})${JSON.stringify(attributes)}${outputs}`;
    return this.#cons(key, () => ({
      kind: 'op',
      id: nextId++,
      op,
      domain,
      attributes,
      inputs,
      outputs,
      dtype,
      shape,
    })) as OpNode;
  }

  call(callee: Callee, inputs: readonly Node[]): CallNode {
    const { hash, outputs } = callee.program;
    const key = `call ${hash}(${inputs.map((n) => n.id).join()})`;
    const [{ dtype, shape }] = outputs as [Node, ...Node[]];
    return this.#cons(key, () => ({
      kind: 'call',
      id: nextId++,
      callee,
      inputs,
      outputs: outputs.length,
      dtype,
      shape,
    })) as CallNode;
  }

  item(of: OpNode | CallNode, index: number, dtype: ElementType, shape: readonly number[]): ItemNode {
    return this.#cons(`item ${of.id} ${index}`, () => ({
      kind: 'item',
      id: nextId++,
      of,
      index,
      dtype,
      shape,
    })) as ItemNode;
  }

  literal(data: ElementData, shape: readonly number[], dtype: ElementType): LiteralNode {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const digest = createHash('sha1').update(bytes).digest('base64');
    return this.#cons(`literal ${dtype} [${shape}] ${digest}`, () => ({
      kind: 'literal',
      id: nextId++,
      dtype,
      shape,
      data,
      digest,
    })) as LiteralNode;
  }

  int64(values: readonly number[]): LiteralNode {
    return this.literal(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  float(value: number): LiteralNode {
    return this.literal(Float32Array.of(value), [], 'float32');
  }

  #cons(key: string, make: () => Node): Node {
    let node = this.#nodes.get(key);
    if (!node) {
      node = make();
      this.#nodes.set(key, node);
    }
    return node;
  }

  /** Forgets what was recorded (nodes that tensors still hold stay valid). */
  clear(): void {
    this.#nodes.clear();
  }
}

/** A part of the graph in executable form. */
export interface Program {
  /** Equal for graphs of equal structure and equal constants, whatever tensors feed them. */
  readonly hash: string;
  /** Nodes in topological order. */
  readonly order: readonly Node[];
  readonly feeds: readonly FeedNode[];
  readonly outputs: readonly Node[];
}

/** The nodes that `outputs` need, ordered, and the hash of their structure. */
export function programOf(outputs: readonly Node[]): Program {
  const order: Node[] = [];
  const index = new Map<Node, number>();
  const feeds: FeedNode[] = [];
  const hash = createHash('sha256');
  const finish = (node: Node): void => {
    index.set(node, order.length);
    order.push(node);
    if (node.kind === 'feed') feeds.push(node);
    hash.update(`${describe(node, index)}:${node.dtype}[${node.shape}]\n`);
  };
  // An explicit stack: networks are deeper than the call stack is safe for.
  const stack: { node: Node; next: number }[] = [];
  const seen = new Set<Node>();
  for (const output of outputs) {
    if (!seen.has(output)) {
      seen.add(output);
      stack.push({ node: output, next: 0 });
    }
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const children = childrenOf(top.node);
      const child = children[top.next++];
      if (child === undefined) {
        finish(top.node);
        stack.pop();
      } else if (!seen.has(child)) {
        seen.add(child);
        stack.push({ node: child, next: 0 });
      }
    }
  }
  hash.update(`outputs ${outputs.map((n) => index.get(n)).join()}`);
  return { hash: hash.digest('hex'), order, feeds, outputs };
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'op' || node.kind === 'call') return node.inputs;
  return node.kind === 'item' ? [node.of] : [];
}

function describe(node: Node, index: ReadonlyMap<Node, number>): string {
  switch (node.kind) {
    case 'feed':
      return 'feed';
    case 'constant':
      return `constant ${node.id}`;
    case 'literal':
      return `literal ${node.digest}`;
    case 'call':
      return `call ${node.callee.program.hash} ${node.inputs.map((n) => index.get(n)).join()}`;
    case 'item':
      return `item ${index.get(node.of)} ${node.index}`;
    case 'op':
      return `${node.domain}:${node.op} ${node.inputs.map((n) => index.get(n)).join()} ${JSON.stringify(node.attributes)} ${node.outputs}`;
  }
}
