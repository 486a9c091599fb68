/**
 * Matrix products in double precision, by ONNX Runtime on the CPU: one-operator models beside the tensor engine, which
 * holds float32.
 */
import { availableParallelism } from 'node:os';
import protobuf from 'protobufjs';
import * as ort from '../onnx/runtime.ts';

/** Row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export interface GemmOptions {
  /** Takes the transpose of the first factor, of the second. */
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Takes the product's negative. */
  readonly negate?: boolean;
  /** Added to the product. */
  readonly plus?: Matrix;
  /** Where the result goes, rows * columns long; new memory by default. Must not overlap the inputs. */
  readonly into?: Float64Array;
}

/** +-op(a) op(b) + plus. */
export async function gemm(
  a: Matrix,
  b: Matrix,
  { transA = false, transB = false, negate = false, plus, into }: GemmOptions = {},
): Promise<Matrix> {
  const rows = transA ? a.columns : a.rows;
  const columns = transB ? b.rows : b.columns;
  const inner = transA ? a.rows : a.columns;
  if (inner !== (transB ? b.columns : b.rows))
    throw new Error(`gemm: ${inner} columns meet ${transB ? b.columns : b.rows} rows`);
  const data = into ?? new Float64Array(rows * columns);
  const result = { rows, columns, data };
  if (data.length === 0) return result;
  const large = rows * columns * inner > WORTH_THREADS;
  const session = await sessionFor({ transA, transB, negate, adds: plus !== undefined, large });
  const feeds = { a: tensor(a), b: tensor(b), ...(plus && { c: tensor(plus) }) };
  await session.run(feeds, { y: tensor(result) });
  return result;
}

function tensor({ rows, columns, data }: Matrix): ort.Tensor {
  return new ort.Tensor('float64', data, [rows, columns]);
}

/** Multiplications from which several threads gain more than they cost to wake. */
const WORTH_THREADS = 1e8;

interface Variant {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly negate: boolean;
  /** There is something to add to the product. */
  readonly adds: boolean;
  readonly large: boolean;
}

const sessions = new Map<string, Promise<ort.InferenceSession>>();

function sessionFor(variant: Variant): Promise<ort.InferenceSession> {
  const key = JSON.stringify(variant);
  let session = sessions.get(key);
  if (!session) {
    session = ort.InferenceSession.create(gemmModel(variant), {
      executionProviders: ['cpu'],
      intraOpNumThreads: variant.large ? availableParallelism() : 1,
      // Threads that spin between calls take the processor from the JavaScript between them.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 3,
    });
    sessions.set(key, session);
  }
  return session;
}

const DOUBLE = 11;
const OPSET = 20;

/** An ONNX model of one Gemm with free sizes. Field numbers are those of onnx.proto. */
function gemmModel({ transA, transB, negate, adds }: Variant): Uint8Array {
  const inputs = adds ? ['a', 'b', 'c'] : ['a', 'b'];
  const node = [
    ...inputs.map((name) => text(1, name)),
    text(2, 'y'),
    text(4, 'Gemm'),
    message(5, [text(1, 'transA'), whole(3, Number(transA)), whole(20, 2)]),
    message(5, [text(1, 'transB'), whole(3, Number(transB)), whole(20, 2)]),
    message(5, [text(1, 'alpha'), (w) => w.uint32((2 << 3) | 5).float(negate ? -1 : 1), whole(20, 1)]),
  ];
  const value = (name: string): Field[] => {
    const shape = message(2, [message(1, [text(2, `${name}0`)]), message(1, [text(2, `${name}1`)])]);
    return [text(1, name), message(2, [message(1, [whole(1, DOUBLE), shape])])];
  };
  const graph = [message(1, node), text(2, 'gemm'), ...inputs.map((name) => message(11, value(name)))];
  const writer = protobuf.Writer.create();
  const model = [whole(1, 9), message(7, [...graph, message(12, value('y'))]), message(8, [whole(2, OPSET)])];
  for (const field of model) field(writer);
  return writer.finish();
}

type Field = (writer: protobuf.Writer) => unknown;
const whole =
  (id: number, value: number): Field =>
  (w) =>
    w.uint32(id << 3).int64(value);
const text =
  (id: number, value: string): Field =>
  (w) =>
    w.uint32((id << 3) | 2).string(value);
const message =
  (id: number, fields: readonly Field[]): Field =>
  (w) => {
    w.uint32((id << 3) | 2).fork();
    for (const field of fields) field(w);
    w.ldelim();
  };
