/** Writes a Program as an ONNX model. Field numbers are those of the ONNX schema (onnx.proto, IR version 9). */
import { parse } from 'node:path';
import protobuf from 'protobufjs';
import { sizeOf } from '../shape.ts';
import type { Attribute, ConstantNode, ElementType, LiteralNode, Node, OpNode, Program } from './graph.ts';

const SCHEMA = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
      },
    },
    OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
        valueInfo: { rule: 'repeated', type: 'ValueInfoProto', id: 13 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        floats: { rule: 'repeated', type: 'float', id: 7 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'StringStringEntryProto', id: 13 },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    StringStringEntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    ValueInfoProto: { fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } } },
    TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
    TensorTypeProto: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    Dimension: {
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
    },
  },
};

const ModelProto = protobuf.Root.fromJSON(SCHEMA).lookupType('ModelProto');

const ELEMENT_TYPE: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** Attributes that the schema wants as floats even when their value is whole. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta', 'epsilon', 'scale']);
const OPSET = 20;
const EXTERNAL = 1;

export interface OnnxModel {
  bytes: Uint8Array;
  /** Names of the inputs, parallel to program.feeds. */
  inputs: string[];
  /** Names of the outputs, parallel to program.outputs. */
  outputs: string[];
  /** Weights in memory: each distinct buffer once, referred to by path from the model. */
  externalData: { path: string; data: Uint8Array }[];
  /** Weights in files; null: there are none. */
  mapped: MappedFiles | null;
}

export interface MappedFiles {
  /** The folder that their paths in the model start from. */
  readonly root: string;
  /** Of all weights in files that the graph uses. */
  readonly bytes: number;
}

/** @param named reshapes [B,...] whose B is a name to ONNX Runtime, the same for those of one B, instead of a number */
export function emitModel(program: Program, named: ReadonlySet<Node> = new Set()): OnnxModel {
  const names = new Map<Node, string>(program.order.map((node, i) => [node, `v${i}`]));
  const nameOf = (node: Node): string =>
    node.kind === 'item' ? `${names.get(node.of)}_${node.index}` : names.get(node)!;
  const buffers = new Map<ArrayBufferLike, { path: string; data: Uint8Array }>();
  let mapped: MappedFiles | null = null;
  const placeOf = ({ data, shape }: ConstantNode): Record<string, string | number> => {
    if ('read' in data) {
      const { root } = parse(data.path);
      const length = sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT;
      mapped = { root, bytes: (mapped?.bytes ?? 0) + length };
      return { location: data.path.slice(root.length), offset: data.offset, length };
    }
    let external = buffers.get(data.buffer);
    if (!external) {
      external = { path: `w${buffers.size}`, data: new Uint8Array(data.buffer) };
      buffers.set(data.buffer, external);
    }
    return { location: external.path, offset: data.byteOffset, length: data.byteLength };
  };
  const node: object[] = [];
  const initializer: object[] = [];
  const input: object[] = [];
  const declared: object[] = [];
  // What is reshaped to the default of an input might have any shape, so that the one declared holds.
  const namedReshape = (n: OpNode, name: string): string[] => {
    const [x, shape] = n.inputs as [Node, LiteralNode];
    initializer.push(literal(`${name}_shape`, shape));
    input.push(valueInfo(`${name}_shape`, shape));
    declared.push(valueInfo(name, n, `images${n.shape[0]}`));
    return [nameOf(x), `${name}_shape`];
  };
  for (const n of program.order) {
    const name = nameOf(n);
    if (n.kind === 'feed') input.push(valueInfo(name, n));
    else if (n.kind === 'literal') initializer.push(literal(name, n));
    else if (n.kind === 'constant') {
      const entries = placeOf(n);
      initializer.push({
        name,
        dims: n.shape,
        dataType: ELEMENT_TYPE[n.dtype],
        dataLocation: EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })),
      });
    } else if (n.kind === 'op') {
      const output = n.outputs === 1 ? [name] : Array.from({ length: n.outputs }, (_, i) => `${name}_${i}`);
      node.push({
        name,
        opType: n.op,
        domain: n.domain,
        input: named.has(n) ? namedReshape(n, name) : n.inputs.map(nameOf),
        output,
        attribute: Object.entries(n.attributes).map(([key, value]) => attribute(key, value)),
      });
    }
  }
  // An output must be made by a node of its own: feeds and constants may be returned too, and twice.
  const outputs = program.outputs.map((n, i) => {
    node.push({ name: `return${i}`, opType: 'Identity', input: [nameOf(n)], output: [`y${i}`] });
    return `y${i}`;
  });
  const graph = {
    name: 'step',
    node,
    initializer,
    input,
    output: program.outputs.map((n, i) => valueInfo(outputs[i]!, n)),
    valueInfo: declared,
  };
  const model = {
    irVersion: 9,
    producerName: 'tweedie',
    graph,
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1 },
    ],
  };
  return {
    bytes: ModelProto.encode(ModelProto.fromObject(model)).finish(),
    inputs: program.feeds.map(nameOf),
    outputs,
    externalData: [...buffers.values()],
    mapped,
  };
}

function literal(name: string, { dtype, shape, data }: LiteralNode): object {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: shape, dataType: ELEMENT_TYPE[dtype], rawData };
}

/** @param first what the first dimension is called, instead of its size */
function valueInfo(name: string, node: Node, first?: string): object {
  const dim = node.shape.map((d, i) => (first && i === 0 ? { dimParam: first } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE[node.dtype], shape: { dim } } } };
}

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
  if (typeof value !== 'number') return { name, type: ATTRIBUTE_TYPE.ints, ints: value };
  if (FLOAT_ATTRIBUTES.has(name)) return { name, type: ATTRIBUTE_TYPE.float, f: value };
  return { name, type: ATTRIBUTE_TYPE.int, i: value };
}
