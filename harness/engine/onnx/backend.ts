import { type DataType, type NamedTensorMap, type Tensor, type TensorInfo, tf } from '../tf.ts';
import { callOnnx } from './call.ts';
import { execute } from './execute.ts';
import {
  type ConstantData,
  constantNode,
  elementType,
  type FeedNode,
  feedNode,
  Graph,
  type HostData,
  type HostTensor,
  type Node,
  programOf,
} from './graph.ts';
import { reshape } from './reshape.ts';
import type { SessionCache } from './session.ts';

type DataId = TensorInfo['dataId'];
type BackendValues = Parameters<InstanceType<typeof tf.KernelBackend>['write']>[0];

/** What a tensor holds: values, or the node that will give them. */
export interface Held {
  /** Counts up: tells what was made before and during a trace. */
  serial: number;
  shape: readonly number[];
  dtype: DataType;
  values: HostData | null;
  node: Node | null;
  refs: number;
}

/**
 * A TensorFlow.js backend that records what kernels ask for and runs it later as one ONNX graph. Reading a tensor
 * runs the part of the graph it needs; `compile` (compile.ts) runs a whole step at once.
 */
export class OnnxBackend extends tf.KernelBackend {
  readonly graph = new Graph();
  readonly sessions: SessionCache;
  /** Weak, so that a tensor nobody refers to is collected even if it was never disposed. */
  readonly #held = new WeakMap<DataId, Held>();
  readonly #feeds = new WeakMap<Node, HostTensor>();
  #serial = 0;
  #live = 0;
  /** While a step is traced: decides what a tensor from outside becomes in its graph. */
  capture: ((held: Readonly<Held>, node: Node) => Node) | null = null;

  /** While a step is traced: its graphs are to compute in float16 (half-precision.ts). */
  halfPrecision = false;

  constructor(sessions: SessionCache) {
    super();
    this.sessions = sessions;
  }

  /** Gives `node` to tfjs as a tensor's data. */
  wrap(node: Node, dtype: DataType): TensorInfo {
    const dataId = {};
    this.#hold(dataId, { shape: node.shape, dtype, values: null, node, refs: 1 });
    return { dataId, shape: [...node.shape], dtype };
  }

  /** The node of a tensor; data given from outside become a feed. */
  node(info: TensorInfo): Node {
    const held = this.#get(info.dataId);
    held.node ??= this.#feed(held);
    const node = this.capture ? this.capture(held, held.node) : held.node;
    return this.reshape(node, info.shape);
  }

  reshape(node: Node, shape: readonly number[]): Node {
    return reshape(this.graph, node, shape);
  }

  /** Marks a tensor's data as a constant of the graphs that use it. */
  constant(data: ConstantData, shape: readonly number[]): Tensor {
    const node = constantNode(data, shape);
    const info = this.wrap(node, node.dtype as DataType);
    if (!('read' in data)) this.#get(info.dataId).values = data;
    return tf.engine().makeTensorFromTensorInfo(info);
  }

  /** Records a call of `fn` as a graph of its own (call.ts). Whoever has this backend need not load what traces. */
  call(fn: (inputs: NamedTensorMap) => Tensor[], inputs: NamedTensorMap, identity: object): Tensor[] {
    return callOnnx(this, fn, inputs, identity);
  }

  #feed(held: Held): FeedNode {
    const dtype = elementType(held.dtype);
    const node = feedNode(dtype, held.shape);
    this.#feeds.set(node, { dtype, shape: held.shape, data: held.values! });
    return node;
  }

  feedData(node: FeedNode): HostTensor {
    return this.#feeds.get(node)!;
  }

  /** Values of a tensor, computing them when they are not there yet. */
  async materialise(dataId: DataId): Promise<HostTensor> {
    return this.compute(this.#get(dataId));
  }

  async compute(held: Held): Promise<HostTensor> {
    if (!held.values && held.node?.kind === 'constant') {
      // A weight in a file: read for this caller only.
      const { data, dtype, shape } = held.node;
      return { dtype, shape, data: 'read' in data ? data.read() : data };
    }
    if (!held.values) {
      const program = programOf([held.node!]);
      const [result] = await execute(
        this.sessions,
        program,
        program.feeds.map((n) => this.feedData(n)),
      );
      held.values = result!.data;
      held.node = null;
      this.graph.clear();
    }
    return { dtype: elementType(held.dtype), shape: held.shape, data: held.values };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.#put(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refs: number): void {
    this.#put(dataId, values, shape, dtype, refs);
  }

  #put(dataId: DataId, values: BackendValues, shape: readonly number[], dtype: DataType, refs: number): void {
    if (!isHostData(values)) throw new Error(`the onnx backend holds numbers, not ${dtype}`);
    this.#hold(dataId, { shape, dtype, values, node: null, refs });
  }

  #hold(dataId: DataId, held: Omit<Held, 'serial'>): void {
    this.#live++;
    this.#held.set(dataId, { ...held, serial: this.#serial++ });
  }

  /** Tensors made from now on have at least this serial number. */
  get serial(): number {
    return this.#serial;
  }

  /** Makes a tensor of a step's result. */
  tensor(result: HostTensor, dtype: DataType): Tensor {
    return tf.engine().makeTensorFromTensorInfo({
      dataId: this.write(result.data, [...result.shape], dtype),
      shape: [...result.shape],
      dtype,
    });
  }

  override async read(dataId: DataId): Promise<HostData> {
    return (await this.materialise(dataId)).data;
  }

  override readSync(dataId: DataId): HostData {
    const { values } = this.#get(dataId);
    if (!values) throw new Error('this tensor is not computed yet: use `await tensor.data()`');
    return values;
  }

  #get(dataId: DataId): Held {
    const held = this.#held.get(dataId);
    if (!held) throw new Error('this tensor belongs to another backend, or was disposed');
    return held;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const held = this.#held.get(dataId);
    if (!held) return true;
    held.refs--;
    if (!force && held.refs > 0) return false;
    this.#held.delete(dataId);
    this.#live--;
    return true;
  }

  override incRef(dataId: DataId): void {
    this.#get(dataId).refs++;
  }

  override refCount(dataId: DataId): number {
    return this.#held.get(dataId)?.refs ?? 0;
  }

  override numDataIds(): number {
    return this.#live;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.graph.clear();
  }
}

function isHostData(values: BackendValues): values is HostData {
  return values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
}
